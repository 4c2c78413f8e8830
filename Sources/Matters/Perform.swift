import Basics
import Catalog
import Posts
import Store

extension Matters {
    /// Does one action of the matter's kind, all or nothing.
    ///
    /// - Parameter verb: an action of the kind's catalog file.
    /// - Throws: `MatterRefusal`. The second of two who act at once gets `.notNow` and sees what happened on the page.
    @discardableResult
    package func perform(_ verb: String, on id: MatterID, input: ActInput = ActInput(), act: Act, in tx: Transaction) throws -> Performed {
        try tx.lock(id)
        guard let matter = try matter(id, in: tx) else { throw MatterRefusal.unknown }
        let kind = try kind(of: matter, in: tx)
        guard let action = kind.action(verb) else { throw MatterRefusal.noSuchAction(verb) }
        let entryVerb = "matter.\(verb)"
        // The same act again: the same answer, and nothing twice.
        if try tx.hasEntry(act.entry(entryVerb, subject: "matter", id: id.uuid, path: matter.path).id) {
            return Performed(matter: matter, offered: [], repeated: true)
        }
        let working = try Working(
            self, tx, act: act, kind: kind, action: action, matter: matter, parts: try parts(of: id, in: tx), input: input)
        try working.checkInput(action)
        try working.admit(action)
        working.detail["does"] = action.does.rawValue
        if let reason = input.reason { working.detail["reason"] = String(reason.prefix(60)) }
        try working.perform(action)
        try working.keepProgressClock()
        try working.expectPhotos()
        try working.save()
        try working.record(entryVerb, words: input.words, isPublic: !action.does.isInside)
        return Performed(matter: working.matter, offered: working.offered, repeated: false)
    }

    /// The actions open to an actor now, in the kind's order: what a page may offer.
    package func allowed(on matter: Matter, parts: [Part], for actor: Actor, at now: Instant, in tx: Transaction) throws -> [Action] {
        let kind = try kind(of: matter, in: tx)
        let act = Act(id: matter.id.uuid, at: now, actor: actor)
        return try kind.actions.filter { action in
            let working = try Working(self, tx, act: act, kind: kind, action: action, matter: matter, parts: parts, input: ActInput())
            do { try working.admit(action) } catch is MatterRefusal { return false }
            return try working.makesSense(action)
        }
    }
}

extension Working {
    /// What every action needs of its input, before anything is looked at.
    func checkInput(_ action: Action) throws {
        if let words = input.words, words.count > ActInput.longestWords { throw MatterRefusal.wordsTooLong(ActInput.longestWords) }
        for need in action.needs {
            let given =
                switch need {
                case .reason: !(input.reason ?? "").isEmpty || !(input.words ?? "").trimmingSpaces.isEmpty
                case .words: !(input.words ?? "").trimmingSpaces.isEmpty
                case .other: input.other != nil
                case .rating: input.rating != nil
                case .milestones: !input.milestones.isEmpty
                case .date: input.due != nil
                }
            guard given else { throw MatterRefusal.missing(need) }
        }
        if let rating = input.rating, !(1...5).contains(rating) { throw MatterRefusal.badRating }
        if let category = input.category, catalog.category(category) == nil { throw MatterRefusal.wrongCategory(category) }
        if let name = input.class, catalog.matterClass(name) == nil { throw MatterRefusal.wrongClass(name) }
    }

    /// Whether this actor may do this now, and with which part.
    /// - Throws: `.notYours` when the actor never may, `.notNow` or `.tooLate` when only the moment is wrong.
    func admit(_ action: Action) throws {
        var wrongMoment = false
        for by in action.by {
            switch try role(by) {
            case .yes(let found):
                part = found
                try checkMoment(action)
                return
            case .later: wrongMoment = true
            case .no: break
            }
        }
        throw wrongMoment ? MatterRefusal.notNow(state: matter.state.rawValue) : MatterRefusal.notYours
    }

    private enum Admission {
        case yes(Part?)
        /// Theirs, but not at this moment.
        case later
        case no
    }

    private func role(_ by: Action.By) throws -> Admission {
        let mine = answered
        func pick(_ fits: (Part) -> Bool) -> Admission {
            let candidates = parts.filter(fits)
            if let wanted = input.part {
                return candidates.first { $0.id == wanted && $0.isOpen }.map { .yes($0) } ?? (candidates.isEmpty ? .no : .later)
            }
            if let open = candidates.last(where: \.isOpen) { return .yes(open) }
            return candidates.isEmpty ? .no : .later
        }
        switch by {
        case .holder:
            // Merging ended its parts: whoever had one may part it again.
            if action?.does == .unmerge {
                return parts.last { $0.ask == nil && mine.contains($0.post) }.map { .yes($0) } ?? .no
            }
            return pick { $0.ask == nil && mine.contains($0.post) }
        case .asked:
            // A rating comes after the part has ended.
            if action?.does == .rateAsk {
                return parts.last { $0.ask != nil && mine.contains($0.post) && (input.part == nil || $0.id == input.part) }.map { .yes($0) }
                    ?? .no
            }
            return pick { $0.ask != nil && mine.contains($0.post) }
        case .asker:
            if action?.does == .recall {
                let given = parts.filter { $0.askedBy.map(mine.contains) ?? false && isHandedOn($0) && (input.part ?? $0.id) == $0.id }
                if let waiting = given.last(where: { $0.state == .offered }) { return .yes(waiting) }
                return given.isEmpty ? .no : .later
            }
            return parts.last { part in
                part.ask != nil && part.askedBy.map(mine.contains) ?? false && (input.part == nil || part.id == input.part)
                    && (action?.does != .rateAnswer || part.state == .done)
            }.map { .yes($0) } ?? .no
        case .closer:
            guard let last = parts.last(where: { $0.ask == nil && $0.state == .done && mine.contains($0.post) }) else { return .no }
            return .yes(last)
        case .reporter: return try engine.isReporter(act.actor, of: matter, in: tx) ? .yes(nil) : .no
        case .director: return engine.reaches(.direct, act.actor, matter, at: now, book: book) ? .yes(nil) : .no
        case .supervisor: return engine.reaches(.supervise, act.actor, matter, at: now, book: book) ? .yes(nil) : .no
        }
    }

    /// States and time limits of each mechanism.
    private func checkMoment(_ action: Action) throws {
        let ended =
            switch action.does {
            case .recall: part?.offeredAt
            case .rateAnswer: part?.endedAt
            default: matter.closedAt ?? matter.doneAt
            }
        if let within = action.within, let ended, catalog.calendar.deadline(within, from: ended).instant < now {
            throw MatterRefusal.tooLate
        }
        let fits =
            switch action.does {
            case .take, .recall: part?.state == .offered && matter.state == .open
            case .handOn, .ask, .finish, .answer, .returnPart, .classify, .question, .merge, .supervise, .setMilestones, .reachMilestone,
                .close, .withdraw, .reply, .progress, .extend, .grant, .deny:
                matter.state == .open
            case .takeBack, .reopen: matter.state == .done || matter.state == .closed
            case .confirm, .rate: matter.state == .done || matter.state == .closed
            case .unmerge: matter.state == .merged
            case .unsupervise: matter.supervised
            case .note, .rateAnswer, .rateAsk: matter.state != .void
            }
        guard fits else { throw MatterRefusal.notNow(state: matter.state.rawValue) }
    }

    /// Things a page need not offer although nobody would refuse them.
    func makesSense(_ action: Action) throws -> Bool {
        switch action.does {
        case .handOn:
            switch action.to {
            case .border: matter.border != nil && part != nil
            case .common: matter.border != nil && part != nil
            case .above: part.map { book.above($0.post, at: now) != nil } ?? false
            case .chosen: true
            }
        case .unsupervise: matter.supervised
        case .supervise: !matter.supervised
        case .reply: matter.asked
        case .confirm: matter.confirmed != .yes
        case .extend: matter.dueAt != nil
        case .grant, .deny: try waitingRequest().map { $0.askedBy != act.actor.person } ?? false
        case .rateAnswer: part?.rating == nil
        case .rateAsk: part?.ratingBack == nil
        default: true
        }
    }

    func perform(_ action: Action) throws {
        switch action.does {
        case .take: try take()
        case .handOn: try handOn(action)
        case .ask: try ask(action)
        case .answer: try answer()
        case .returnPart: try returnPart(action)
        case .finish: try finish(action)
        case .close: try close(action)
        case .takeBack: try takeBack(action)
        case .recall: try recall()
        case .reopen: try reopen(action)
        case .classify: try classify()
        case .question: try question()
        case .reply: try reply()
        case .merge: try merge()
        case .unmerge: try unmerge()
        case .supervise: matter.supervised = true
        case .unsupervise: matter.supervised = false
        case .setMilestones: try setMilestones()
        case .reachMilestone: try reachMilestone()
        case .progress: try tellProgress()
        case .extend: try askForTime(action)
        case .grant: try answerRequest(.yes)
        case .deny: try answerRequest(.no)
        case .note: break
        case .rateAnswer: try ratePart { $0.rating = input.rating }
        case .rateAsk: try ratePart { $0.ratingBack = input.rating }
        case .confirm: try confirm(action)
        case .rate: try rate()
        case .withdraw: try withdraw()
        }
    }
}
