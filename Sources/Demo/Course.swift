import Basics
import Catalog
import Foundation

// The course of one matter from hand to hand, in the states and verbs of the engine; it stops where the demo's last day stands.

extension Life {
    mutating func run(_ matter: inout Matter, _ draft: Draft) {
        var course = Course(now: draft.opened, end: end, zone: zone, stage: draft.stage, arrives: draft.arrives)
        if draft.stage == nil { course.goal = goal(matter) }
        do { try live(&matter, &course) } catch {}
    }

    var actions: DemoContent.Actions { land.content.city.actions }
    var steps: DemoContent.Steps { land.content.words.steps }

    /// When it will be finished: most on the day, what has a date within its limit, some too late.
    private mutating func goal(_ matter: Matter) -> Instant {
        guard let category = catalog.category(land.content.words.categories[matter.trouble].id) else { return end }
        let opened = matter.opened
        let due = limits.finish(category, catalog).map { catalog.calendar.deadline($0, from: opened).instant } ?? opened + .days(7)
        let night = Instant(opened.day(in: zone), .hours(21), in: zone)
        let room = Double((night - opened).milliseconds) / 60_000
        let sort = catalog.matterClass(category.class)
        // What has a date takes longer more often.
        let onTheDay = sort?.milestones ?? false ? 0.02 : sort?.dated ?? false ? 0.84 : 0.985
        if chance.chance(room > 45 ? onTheDay : onTheDay * 0.65) {
            let span = exp(chance.normal() * 0.7 + 4.4)
            return opened + Span(milliseconds: Int64(min(max(12, span), max(room, 40)) * 60_000))
        }
        let span = Double(max((due - opened).milliseconds, 86_400_000))
        let share = chance.chance(0.9) ? chance.between(0.3, 0.97) : chance.between(1.05, 1.9)
        let then = opened + Span(milliseconds: Int64(span * share))
        let day = max(then.day(in: zone), opened.day(in: zone) + 1)
        return Instant(day, .minutes(Int64(chance.int(8 * 60 + 20..<17 * 60 + 40))), in: zone)
    }

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
        if let stage = course.stage, stage.isEnding { return try conclude(&matter, &course, stage, trouble) }

        let fate = chance.unit()
        let isStaged = course.stage != nil
        let isLong = catalog.category(trouble.id).flatMap { catalog.matterClass($0.class) }?.milestones ?? false
        let spot = isLong ? 0 : matter.channel == Channel.field ? max(0.7, trouble.spot) : trouble.spot * 0.8
        if !isStaged, fate < spot {
            try course.arrive()
            finish(&matter, actions.spot, course.now, words: chance.chance(0.5) ? chance.pick(trouble.done) : nil, spot: true)
        } else if !isStaged, fate < spot + (1 - spot) * 0.03 {
            try course.arrive()
            close(&matter, course.now, chance.chance(0.7) ? "not_ours" : "not_solved")
            return
        } else if !isStaged, !isLong, chance.chance((1 - trouble.pass) * 0.6) {
            try course.arrive()
            finish(&matter, actions.finish, course.now, words: chance.pick(trouble.done))
        } else {
            try upward(&matter, &course, worker, officer, trouble, isStaged, isLong)
        }
        try course.reached(.done)
        try afterwards(&matter, &course)
    }

    private mutating func upward(
        _ matter: inout Matter, _ course: inout Course, _ worker: UUIDv7, _ officer: UUIDv7, _ trouble: DemoContent.Trouble,
        _ isStaged: Bool, _ isLong: Bool
    ) throws {
        try course.go(chance.between(5, 60))
        handOn(&matter, to: worker, course.now)
        try course.reached(.upOffered)
        try course.go(chance.between(5, 60))
        take(&matter, actions.take, course.now)
        try course.reached(.upTaken)
        if !isStaged, !isLong, chance.chance((1 - trouble.pass) * 0.5) {
            try course.arrive()
            return finish(&matter, actions.finish, course.now, words: chance.pick(trouble.done))
        }
        try course.go(chance.between(8, 60))
        handOn(&matter, to: officer, course.now)
        try course.reached(.officerOffered)
        try course.go(chance.between(5, 200))
        take(&matter, actions.take, course.now)
        if isLong { plan(&matter, course.now, course.goal ?? end) }
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
            try course.go(chance.chance(0.85) ? chance.between(3, 28) : chance.between(30, 200), share: 0.2)
            take(&matter, actions.sign_in, course.now)
            try course.reached(.signedIn)
            if isLong, chance.chance(0.3) {
                matter.supervised = true
                note(matter, "matter." + actions.supervise, at: course.now, detail: ["does": "supervise"])
            }
            try course.arrive(but: 0.15)
            answer(&matter, course.now, words: chance.pick(trouble.done))
            try course.reached(.answered)
            try course.arrive()
            if chance.chance(0.7) { rateAnswer(&matter, course.now) }
        } else {
            try course.arrive()
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
        try course.arrive()
    }

    /// What the reporter says, or that nothing is said for seven days.
    mutating func afterwards(_ matter: inout Matter, _ course: inout Course) throws {
        let answers =
            matter.channel == Channel.portal || matter.channel == Channel.open311 ? 0.62 : matter.channel == Channel.desk ? 0.5 : 0
        let isClosed = matter.state == .closed
        guard chance.chance(answers) else {
            if !isClosed { try closeUnconfirmed(&matter, &course) }
            return
        }
        try course.go(chance.chance(0.7) ? chance.between(5, 240) : chance.between(240, 3600))
        if chance.chance(isClosed ? 0.05 : 0.1) {
            try again(&matter, &course)
            // Once more, and no word after it: closed, and not solved.
            if chance.chance(0.4) { return try closeUnconfirmed(&matter, &course) }
        }
        confirm(&matter, course.now)
    }

    private mutating func closeUnconfirmed(_ matter: inout Matter, _ course: inout Course) throws {
        try course.goNaturally(days: 7)
        matter.state = .closed
        matter.closedAt = course.now
        note(matter, "matter.closed_unconfirmed", at: course.now, detail: ["clock": land.content.city.limits.confirm])
    }

    /// Not fixed: the last holder has it again.
    private mutating func again(_ matter: inout Matter, _ course: inout Course) throws {
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
        matter.counted = course.now
        matter.confirmed = "no"
        matter.confirmedAt = course.now
        offer(&matter, last, given: actions.deny, course.now, askedBy: last)
        try course.go(chance.between(10, 110))
        take(&matter, actions.take, course.now)
        try course.go(chance.between(60, 900))
        finish(&matter, actions.finish, course.now, words: nil)
        try course.go(chance.between(30, 900))
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
