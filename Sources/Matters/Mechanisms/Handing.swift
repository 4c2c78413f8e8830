import Basics
import Catalog
import Grids
import Posts
import Store

// How work moves between posts. A transfer is a part handed on, a dispatch a part handed down, an ask several parts at once.

extension Working {
    /// The holder says: mine.
    func take() throws {
        guard var mine = part else { throw MatterRefusal.notYours }
        mine.state = .doing
        mine.takenAt = now
        try save(mine)
        try stopClocks(part: mine.id)
        detail["part"] = mine.id.description
    }

    func handOn(_ action: Action) throws {
        let land = try engine.grids.land(in: tx)
        let target: PostID
        switch action.to {
        case .above:
            guard let from = part?.post, let above = book.above(from, at: now) else { throw MatterRefusal.noPostToTake }
            target = above
        case .chosen:
            if let post = input.posts.first {
                guard book.posts[post] != nil else { throw MatterRefusal.noPostToTake }
                target = post
            } else if let unit = input.units.first {
                guard let clerk = book.clerk(of: unit, at: now) else { throw MatterRefusal.noPostToTake }
                target = clerk
            } else {
                let path = input.grid.flatMap { land.path(of: $0) } ?? matter.grid.flatMap { land.path(of: $0) } ?? matter.path
                guard let post = book.answering(at: path, on: now)?.post, post != part?.post else { throw MatterRefusal.noPostToTake }
                target = post
            }
            try checkReceiver(target)
        case .border:
            guard let border = matter.border, let path = land.path(of: border), let post = book.answering(at: path, on: now)?.post
            else { throw MatterRefusal.noBorder }
            target = post
        case .common:
            guard let border = matter.border, let path = land.path(of: border) else { throw MatterRefusal.noBorder }
            var common = path
            while !common.covers(matter.path), let up = common.parent { common = up }
            if common == matter.path, let up = common.parent { common = up }
            guard let post = book.answering(at: common, on: now)?.post, post != part?.post else { throw MatterRefusal.noPostToTake }
            target = post
        }
        let given = part?.post
        // A director may hand on work that nobody of his holds: then all of the land's own parts end.
        if let part {
            try end(part, as: .done, words: input.words)
        } else {
            for part in parts where part.isOpen && part.ask == nil { try end(part, as: .recalled) }
        }
        let clock = action.clock.flatMap { kind.clocks[$0] }
        try offer(target, given: action.id, askedBy: given, clock: clock)
        pass()
        detail["to"] = target.description
    }

    /// From now on it counts as passed on; that it was not before is kept, so that taking it back can say so again.
    private func pass() {
        if !matter.passed { detail["first"] = "yes" }
        matter.passed = true
    }

    /// What was given to others, as opposed to sent back.
    func isHandedOn(_ part: Part) -> Bool {
        let does = kind.action(part.given)?.does
        return does == .ask || does == .handOn
    }

    /// Takes back what was given and nobody took up yet: a whistle with all its parts that still wait, or a transfer, whose giver has it
    /// again.
    func recall() throws {
        guard let given = part else { throw MatterRefusal.notYours }
        let waiting = parts.filter {
            $0.id == given.id || given.ask != nil && $0.ask == given.ask && $0.state == .offered && input.part == nil
        }
        for one in waiting { try end(one, as: .recalled) }
        if given.ask == nil, let giver = given.askedBy {
            if var mine = parts.last(where: { $0.ask == nil && $0.post == giver && $0.endedAt == given.offeredAt }) {
                mine.state = .doing
                mine.takenAt = mine.takenAt ?? now
                mine.endedAt = nil
                try save(mine)
            } else {
                try offer(giver, given: given.given, taken: true)
            }
        }
        let others = parts.contains { $0.askedBy != nil && $0.state != .recalled && $0.offeredAt >= given.offeredAt }
        let gave = try tx.entries(of: matter.id).last { $0.at == given.offeredAt && $0.verb == "matter.\(given.given)" }
        if !others, gave?.detail["first"] != nil {
            matter.passed = false
            // For whoever looks back at that moment.
            detail["undid"] = "passed"
        }
        part = given
        detail["parts"] = waiting.map(\.id.description).joined(separator: " ")
        detail["count"] = String(waiting.count)
    }

    /// - Throws: `.otherLand` for somebody on land that is not the giver's, and for a department that does not work there.
    private func checkReceiver(_ target: PostID) throws {
        guard engine.mayGive(matter, to: target, by: act.actor, at: now, book: book) else { throw MatterRefusal.otherLand }
    }

    /// Several parts at once: to the units chosen, or to whoever the routing table names.
    func ask(_ action: Action) throws {
        var targets = input.posts.filter { book.posts[$0] != nil }
        for unit in input.units {
            guard let clerk = book.clerk(of: unit, at: now) else { throw MatterRefusal.noPostToTake }
            targets.append(clerk)
        }
        for target in targets { try checkReceiver(target) }
        if targets.isEmpty, let found = engine.responsible(for: matter.category, at: matter.path, on: now, book: book) {
            targets = [found.post]
        }
        guard !targets.isEmpty else { throw MatterRefusal.noPostToTake }
        // Whoever whistles answers for the matter: a director who has no part yet gets one, so that it always has a holder.
        if part == nil, let own = act.actor.heldPosts.first?.post, !parts.contains(where: { $0.isOpen && $0.ask == nil }) {
            part = try offer(own, given: action.id, taken: true)
        }
        if var mine = part, mine.state == .offered {
            mine.state = .doing
            mine.takenAt = now
            try save(mine)
            try stopClocks(part: mine.id)
        }
        let asker = part?.post ?? parts.last { $0.isOpen && $0.ask == nil }?.post
        let rule = action.clock.flatMap { kind.clocks[$0] }
        var seen: Set<PostID> = []
        for target in targets where seen.insert(target).inserted {
            try offer(target, given: action.id, ask: act.id, askedBy: asker, lead: seen.count == 1, clock: rule)
        }
        // Whoever is called in already is not called a second time: then nothing would have happened.
        guard offered.contains(where: { $0.ask == act.id }) else { throw MatterRefusal.askedAlready }
        pass()
        detail["ask"] = act.id.description
        detail["count"] = String(seen.count)
    }

    /// An asked post is done with its share.
    func answer() throws {
        guard let mine = part else { throw MatterRefusal.notYours }
        if mine.state == .offered {
            var taken = mine
            taken.takenAt = now
            try save(taken)
        }
        guard let current = part else { return }
        try end(current, as: .done, words: input.words)
        detail["part"] = mine.id.description
    }

    /// Sent back with a reason: an asked post's refusal is decided above the asker, a transfer goes back to who gave it.
    func returnPart(_ action: Action) throws {
        guard let mine = part else { throw MatterRefusal.notYours }
        let back: PostID?
        if mine.ask != nil {
            back = mine.askedBy.flatMap { book.above($0, at: now) } ?? mine.askedBy
        } else {
            back = mine.askedBy ?? book.above(mine.post, at: now)
        }
        guard let back, back != mine.post else { throw MatterRefusal.noPostToTake }
        try end(mine, as: .returned, words: input.words)
        detail["part"] = mine.id.description
        if mine.ask != nil {
            // The one above decides who has it; the asker keeps the matter meanwhile.
            try offer(back, given: action.id, askedBy: mine.askedBy)
        } else {
            try offer(back, given: action.id, askedBy: mine.post)
        }
        matter.passed = true
        detail["to"] = back.description
    }

    func ratePart(_ change: (inout Part) -> Void) throws {
        guard var rated = part else { throw MatterRefusal.notYours }
        change(&rated)
        try save(rated)
        detail["part"] = rated.id.description
        detail["rating"] = input.rating.map(String.init)
    }
}
