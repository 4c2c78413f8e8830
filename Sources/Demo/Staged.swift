import Basics
import Catalog

// What the people who sign in to the demo find, at whatever hour it is filled: work at each stage in their own grids, fresh, due and late.

extension Life {
    mutating func staged() -> [Draft] {
        let counts: [(Stage, Int)] = [
            (.offered, 3), (.taken, 2), (.upOffered, 2), (.upTaken, 2), (.officerOffered, 4), (.officerTaken, 3), (.secretaryOffered, 2),
            (.centerOffered, 3), (.centerTaken, 2), (.rootOffered, 2), (.asked, 3), (.signedIn, 2), (.answered, 2), (.done, 3), (.spot, 7),
            (.confirmed, 6), (.unsolved, 1),
        ]
        var drafts: [Draft] = []
        for (stage, count) in counts {
            for index in 0..<count { drafts.append(staged(stage, Wish.allCases[(index + stage.rawValue) % Wish.allCases.count], index)) }
        }
        return drafts + long()
    }

    /// How its limit stands.
    private enum Wish: CaseIterable { case fresh, due, late, alsoDue }

    private mutating func staged(_ stage: Stage, _ wish: Wish, _ index: Int) -> Draft {
        let trouble = stagedTrouble(stage, dated: wish != .fresh && chance.chance(0.8))
        // By night few report and fewer work: what came last came in the evening.
        let hour = end.timeOfDay(in: zone).milliseconds / 3_600_000
        let busy =
            index % 5 == 0 || stage == .asked || (7..<22).contains(hour)
            ? end : Instant(end.day(in: zone) - (hour < 7 ? 1 : 0), .hours(21), in: zone)
        let least = Span.minutes(Int64(stage.steps * 8 + 3))
        // Just after midnight the newest is still of today.
        let sinceMidnight = Int(end.timeOfDay(in: zone).milliseconds / 60_000)
        let back = busy == end && sinceMidnight < 28 ? chance.int(1..<max(2, sinceMidnight)) : chance.int(3..<28)
        var arrives = min(busy, end) - .minutes(Int64(back))
        var opened = stage.steps == 0 ? arrives : arrives - least - .minutes(Int64(chance.int(2..<40)))
        let category = catalog.category(land.content.words.categories[trouble].id)
        if let limit = category.flatMap({ limits.finish($0, catalog) }), !stage.isEnding, stage != .done, wish != .fresh {
            // In office hours what is due runs out within three hours, else when the next ones begin.
            let due =
                wish == .late
                ? end - .minutes(Int64(chance.int(15..<600)))
                : catalog.calendar.instant(after: .minutes(Int64(chance.int(12..<170))), from: end)
            opened = min(catalog.calendar.instant(before: due, by: catalog.calendar.work(limit)), opened)
            if stage.steps == 0 { arrives = opened }
        }
        // A whistle that nobody has signed in for, past its half hour.
        if stage == .asked, index == 1 { arrives = end - .minutes(44) }
        if stage.steps > 0, arrives < opened + least { opened = arrives - least }
        return Draft(opened: opened, stage: stage, arrives: arrives, trouble: trouble)
    }

    /// Long-term ones of the home community, planned in steps.
    private mutating func long() -> [Draft] {
        let troubles = land.content.words.categories.indices.filter { isLong($0) }
        guard !troubles.isEmpty else { return [] }
        return [9, 17, 26].map { days in
            let opened = Instant(end.day(in: zone) - days, .minutes(Int64(chance.int(500..<1000))), in: zone)
            return Draft(opened: opened, stage: .officerTaken, arrives: opened + .hours(5), trouble: chance.pick(troubles))
        }
    }

    private func isLong(_ trouble: Int) -> Bool {
        catalog.category(land.content.words.categories[trouble].id).flatMap { catalog.matterClass($0.class) }?.milestones ?? false
    }

    /// What goes to a department goes to the one that somebody signs in for; none is long-term.
    /// - Parameter dated: of those with a date, which were reported some days ago when they are due.
    private mutating func stagedTrouble(_ stage: Stage, dated: Bool) -> Int {
        let troubles = land.content.words.categories
        let tag = land.content.city.people.first { $0.department != nil }?.department
        let fitting = troubles.indices.filter {
            guard let category = catalog.category(troubles[$0].id), !isLong($0) else { return false }
            return (!stage.isAtDepartment || category.department == tag) && (!dated || catalog.matterClass(category.class)?.dated ?? false)
        }
        guard !fitting.isEmpty else { return chance.draw(troubleSums) }
        var sum = 0.0
        let sums = fitting.map { place -> Double in
            sum += troubles[place].weight
            return sum
        }
        return fitting[chance.draw(sums)]
    }

    /// Just ended: on the spot, confirmed by the reporter, or closed and not solved.
    mutating func conclude(_ matter: inout Matter, _ course: inout Course, _ stage: Stage, _ trouble: DemoContent.Trouble) throws {
        try course.go(30)
        switch stage {
        case .spot: finish(&matter, actions.spot, course.now, words: chance.pick(trouble.done), spot: true)
        case .unsolved: close(&matter, course.now, "not_solved")
        default:
            finish(&matter, actions.finish, course.now, words: chance.pick(trouble.done))
            try course.go(30)
            confirm(&matter, course.now)
        }
    }

    // MARK: Milestones

    /// The steps of a long-term matter up to its goal: those behind are reached but for one in some, which is late.
    mutating func plan(_ matter: inout Matter, _ from: Instant, _ goal: Instant) {
        let names = chance.pick(steps.milestones)
        let limit = catalog.category(land.content.words.categories[matter.trouble].id).flatMap { limits.finish($0, catalog) }
        let due = limit.map { catalog.calendar.deadline($0, from: matter.opened).instant } ?? goal
        note(matter, "matter." + actions.set_milestones, at: from, detail: ["does": "set_milestones"])
        let span = max(Double((due - from).milliseconds), 86_400_000)
        for (index, name) in names.enumerated() {
            let at = from + Span(milliseconds: Int64(span * Double(index + 1) / Double(names.count)))
            matter.milestones.append(Milestone(id: chance.id(at: from), name: name, due: at.day(in: zone)))
            let reached = at - .hours(Int64(chance.int(3..<40)))
            let isLastBehind = from + Span(milliseconds: Int64(span * Double(index + 2) / Double(names.count))) > end
            guard reached > from, reached < min(end, goal), !(isLastBehind && at < end && chance.chance(0.5)) else { continue }
            matter.milestones[index].reached = reached
            note(
                matter, "matter." + actions.reach_milestone, at: reached,
                detail: ["does": "reach_milestone", "milestone": "\(matter.milestones[index].id)"])
        }
    }
}
