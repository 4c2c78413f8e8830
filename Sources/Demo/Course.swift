import Basics
import Catalog
import Foundation

// The course of one matter from hand to hand, in the states and verbs of the engine; it stops where the year ends.

extension Life {
    mutating func run(_ matter: inout Matter, _ draft: Draft) {
        var course = Course(now: draft.opened, end: end, zone: zone, stage: draft.stage)
        do { try live(&matter, &course) } catch {}
    }

    var actions: DemoContent.Actions { land.content.city.actions }
    var steps: DemoContent.Steps { land.content.words.steps }

    private mutating func live(_ matter: inout Matter, _ course: inout Course) throws {
        let trouble = land.content.words.categories[matter.trouble]
        let micro = matter.scene.grid
        guard let third = land.grids[micro].parent, let community = land.grids[third].parent,
            let leader = people.answering[micro], let worker = people.answering[third], let officer = people.answering[community]
        else { return }
        opened(matter, post: matter.channel == Channel.field ? leader : nil)
        offer(&matter, leader, given: "open", course.now, taken: matter.channel == Channel.field)
        if course.stage == .officerOffered || chance.chance(0.06) { join(&matter) }
        try course.reached(.offered)
        if matter.channel != Channel.field {
            try course.go(chance.between(3, 70))
            take(&matter, actions.take, course.now)
        }
        try course.reached(.taken)

        let fate = chance.unit()
        let isStaged = course.stage != nil
        let spot = matter.channel == Channel.field ? max(0.7, trouble.spot) : trouble.spot * 0.8
        if !isStaged, fate < spot {
            try course.go(chance.between(3, 45))
            finish(&matter, actions.spot, course.now, words: chance.chance(0.5) ? chance.pick(trouble.done) : nil, spot: true)
        } else if !isStaged, fate < spot + (1 - spot) * 0.03 {
            try course.go(chance.between(30, 600))
            close(&matter, course.now)
            return
        } else if !isStaged, chance.chance((1 - trouble.pass) * 0.6) {
            try course.go(chance.between(25, 330))
            finish(&matter, actions.finish, course.now, words: chance.pick(trouble.done))
        } else {
            try upward(&matter, &course, worker, officer, trouble, isStaged)
        }
        try course.reached(.done)
        try afterwards(&matter, &course)
    }

    private mutating func upward(
        _ matter: inout Matter, _ course: inout Course, _ worker: UUIDv7, _ officer: UUIDv7, _ trouble: DemoContent.Trouble,
        _ isStaged: Bool
    ) throws {
        try course.go(chance.between(5, 60))
        handOn(&matter, to: worker, course.now)
        try course.reached(.upOffered)
        try course.go(chance.between(5, 60))
        take(&matter, actions.take, course.now)
        try course.reached(.upTaken)
        if !isStaged, chance.chance((1 - trouble.pass) * 0.5) {
            try course.go(chance.between(30, 420))
            return finish(&matter, actions.finish, course.now, words: chance.pick(trouble.done))
        }
        try course.go(chance.between(8, 60))
        handOn(&matter, to: officer, course.now)
        try course.reached(.officerOffered)
        try course.go(chance.between(5, 200))
        take(&matter, actions.take, course.now)
        try course.reached(.officerTaken)
        if course.stage.map({ $0 > .officerTaken && $0 < .asked }) ?? chance.chance(0.03) {
            try further(&matter, &course)
            return finish(&matter, actions.finish, course.now, words: chance.pick(trouble.done))
        }
        let category = catalog.category(trouble.id)
        if let tag = category?.department, let clerk = people.clerks[tag], isStaged || chance.chance(0.35 + 0.65 * trouble.pass) {
            try course.go(chance.between(5, 200))
            ask(&matter, clerk, course.now)
            try course.reached(.asked)
            try course.go(chance.chance(0.85) ? chance.between(3, 30) : chance.between(30, 400))
            take(&matter, actions.sign_in, course.now)
            try course.reached(.signedIn)
            // Days, with a long tail: some roads wait for the season.
            let days =
                chance.chance(0.3)
                ? chance.between(12, 75) : chance.chance(0.45) ? chance.between(0.04, 0.3) : exp(chance.normal() * 0.8 + 1.1)
            if days > 20, chance.chance(0.3) {
                matter.supervised = true
                note(matter, "matter." + actions.supervise, at: course.now, detail: ["does": "supervise"])
            }
            try course.go(days * 1440)
            answer(&matter, course.now, words: chance.pick(trouble.done))
            try course.reached(.answered)
            try course.go(chance.between(20, 900))
            if chance.chance(0.7) { rateAnswer(&matter, course.now) }
        } else {
            try course.go(chance.between(120, 5000))
        }
        finish(&matter, actions.finish, course.now, words: chance.pick(trouble.done))
    }

    /// What the community cannot do goes on to its secretary, the subdistrict, and seldom the district.
    private mutating func further(_ matter: inout Matter, _ course: inout Course) throws {
        guard let third = land.grids[matter.scene.grid].parent, let community = land.grids[third].parent,
            let subdistrict = land.grids[community].parent, let secretary = people.secretaries[community],
            let center = people.answering[subdistrict]
        else { return }
        let hands: [(UUIDv7, Stage, Stage?)] = [
            (secretary, .secretaryOffered, nil), (center, .centerOffered, .centerTaken), (people.root, .rootOffered, nil),
        ]
        for (post, offered, taken) in hands {
            try course.go(chance.between(20, 300))
            handOn(&matter, to: post, course.now)
            try course.reached(offered)
            try course.go(chance.between(10, 200))
            take(&matter, actions.take, course.now)
            if let taken { try course.reached(taken) }
            if course.stage == nil, chance.chance(0.55) { break }
        }
        try course.go(chance.between(300, 9000))
    }

    /// What the reporter says, or that nothing is said for seven days.
    private mutating func afterwards(_ matter: inout Matter, _ course: inout Course) throws {
        let answers =
            matter.channel == Channel.portal || matter.channel == Channel.open311 ? 0.62 : matter.channel == Channel.desk ? 0.5 : 0
        let isClosed = matter.state == .closed
        guard chance.chance(answers) else {
            if !isClosed {
                try course.goNaturally(days: 7)
                matter.state = .closed
                matter.closedAt = course.now
                note(matter, "matter.closed_unconfirmed", at: course.now, detail: ["clock": land.content.city.limits.confirm])
            }
            return
        }
        try course.go(chance.between(30, 3600))
        if chance.chance(isClosed ? 0.05 : 0.1) {
            // Not fixed: the last holder has it again.
            guard let last = matter.shares.last(where: { $0.ask == nil && $0.state == "done" })?.post else { return }
            note(
                matter, "matter." + actions.deny, at: course.now,
                detail: ["answer": "no", "does": "confirm", "report": "\(matter.report)"], words: chance.pick(steps.again))
            matter.state = .open
            matter.outcome = nil
            matter.spot = false
            matter.doneAt = nil
            matter.closedAt = nil
            matter.reopened += 1
            matter.confirmed = "no"
            matter.confirmedAt = course.now
            offer(&matter, last, given: actions.deny, course.now, askedBy: last)
            try course.go(chance.between(10, 200))
            take(&matter, actions.take, course.now)
            try course.go(chance.between(120, 5000))
            finish(&matter, actions.finish, course.now, words: nil)
            matter.confirmed = nil
            try course.go(chance.between(60, 2000))
        }
        matter.confirmed = "yes"
        matter.confirmedAt = course.now
        note(
            matter, "matter." + actions.confirm, at: course.now, detail: ["answer": "yes", "does": "confirm", "report": "\(matter.report)"])
        if matter.state == .done {
            matter.state = .closed
            matter.closedAt = course.now
        }
        if chance.chance(0.7) {
            matter.rating = matter.reopened > 0 ? chance.int(2..<5) : chance.pick([5, 5, 5, 5, 4, 4, 3])
            note(
                matter, "matter." + actions.rate, at: course.now,
                detail: ["rating": "\(matter.rating ?? 5)", "does": "rate", "report": "\(matter.report)"],
                words: chance.chance(0.3) ? chance.pick(steps.rated) : nil)
        }
    }

    /// Others saw the same and joined with one tap.
    private mutating func join(_ matter: inout Matter) {
        var at = matter.opened
        for _ in 0..<chance.int(1..<5) {
            at = at + .minutes(Int64(chance.int(6..<40)))
            guard at < end else { return }
            let report = chance.id(at: at)
            matter.others.append((report, at))
            note(matter, "matter.joined", at: at, detail: ["report": "\(report)", "channel": Channel.portal])
        }
    }
}

/// The clock of one story.
struct Course {
    struct Ended: Error {}

    var now: Instant
    let end: Instant
    let zone: TimeZone
    let stage: Stage?

    /// Minutes later, but nobody works at night: what falls there waits until the morning.
    mutating func go(_ minutes: Double) throws {
        // A story with a stage to reach goes fast, so that it gets there.
        let span = stage == nil ? minutes : min(minutes * 0.1, 12)
        var then = now + Span(milliseconds: Int64(span * 60_000))
        if stage == nil {
            let hour = then.timeOfDay(in: zone).milliseconds / 3_600_000
            if hour >= 21 { then = then + .hours(11) } else if hour < 7 { then = then + .hours(7) }
        }
        guard then < end else { throw Ended() }
        now = then
    }

    mutating func goNaturally(days: Int64) throws {
        guard now + .days(days) < end else { throw Ended() }
        now = now + .days(days)
    }

    func reached(_ stage: Stage) throws { if self.stage == stage { throw Ended() } }
}
