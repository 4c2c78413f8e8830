import Basics
import Catalog
import Posts
import Store

// What an officer decides about a matter: what it is, whether it is one of several, what the reporter must still say.

extension Working {
    /// Category, class or urgency change in place; the limits and the routing follow, on record.
    func classify() throws {
        if let category = input.category, category != matter.category, let found = catalog.category(category) {
            detail["category_was"] = matter.category
            detail["category"] = category
            matter.category = category
            if input.class == nil { matter.class = found.class }
            if input.urgency == nil { matter.urgency = found.urgency }
        }
        if let name = input.class, name != matter.class {
            detail["class_was"] = matter.class
            detail["class"] = name
            matter.class = name
        }
        if let urgency = input.urgency, urgency != matter.urgency, catalog.urgency(urgency) != nil {
            detail["urgency"] = urgency
            matter.urgency = urgency
        }
        try tx.run(
            "UPDATE matter SET category = \(matter.category), class = \(matter.class), urgency = \(matter.urgency) WHERE id = \(matter.id)")
        if let day = input.due { try setDate(day) } else { try restartFinishClock() }
        try engine.indexText(of: matter, in: tx)
    }

    func question() throws {
        matter.asked = true
        try pauseClocks()
    }

    func reply() throws {
        guard matter.asked else { throw MatterRefusal.notNow(state: matter.state.rawValue) }
        matter.asked = false
        try resumeClocks()
    }

    /// This matter goes into the other: its reports point there, its parts and clocks end, the row stays.
    func merge() throws {
        guard let otherID = input.other, otherID != matter.id else { throw MatterRefusal.missing(.other) }
        try tx.lock(otherID)
        // NB: what one does not see is not there, whatever else would stand in the way.
        guard var other = try engine.matter(otherID, in: tx), try engine.sees(act.actor, other, at: now, in: tx) else {
            throw MatterRefusal.unknown
        }
        // Chains are flattened: the other may itself have been merged.
        if other.state == .merged, let root = other.mergedInto, let target = try engine.matter(root, in: tx) { other = target }
        guard other.id != matter.id, other.kind == matter.kind, other.privacy == matter.privacy,
            other.state == .open || other.state == .done
        else { throw MatterRefusal.cannotMergeThese }
        guard try engine.sees(act.actor, other, at: now, in: tx) else { throw MatterRefusal.unknown }
        try endOpenParts(as: .recalled)
        try stopAllClocks()
        try tx.run("UPDATE report SET matter_id = \(other.id) WHERE matter_id = \(matter.id)")
        // Whatever had been merged into this one goes along.
        try tx.run("UPDATE matter SET merged_into = \(other.id) WHERE merged_into = \(matter.id)")
        try recount(other.id)
        try engine.indexText(of: other, in: tx)
        matter.state = .merged
        matter.mergedInto = other.id
        matter.reporters = 0
        detail["into"] = other.id.description
        try tx.record(
            act.entry(
                "matter.merged_here", subject: "matter", id: other.id.uuid, path: other.path, post: part?.post,
                detail: ["from": matter.id.description]))
    }

    /// Found different after all: every report that first came here comes back, and the matter goes on with its own opening time.
    func unmerge() throws {
        guard let other = matter.mergedInto else { throw MatterRefusal.notNow(state: matter.state.rawValue) }
        try tx.lock(other)
        try tx.run("UPDATE report SET matter_id = \(matter.id) WHERE first_matter_id = \(matter.id)")
        try recount(other)
        matter.reporters = try tx.count("SELECT COUNT(*) FROM report WHERE matter_id = \(matter.id)")
        matter.state = .open
        matter.mergedInto = nil
        try resumeFinishClock()
        let holder = parts.last { $0.ask == nil }?.post ?? book.answering(at: matter.path, on: now)?.post
        guard let holder else { throw MatterRefusal.noPostToTake }
        try offer(holder, given: action?.id ?? "", askedBy: nil)
        detail["from"] = other.description
        try engine.indexText(of: matter, in: tx)
        if let main = try engine.matter(other, in: tx) {
            try engine.indexText(of: main, in: tx)
            try tx.record(
                act.entry(
                    "matter.unmerged_here", subject: "matter", id: other.uuid, path: main.path, detail: ["from": matter.id.description]))
        }
    }

    private func recount(_ id: MatterID) throws {
        try tx.run("UPDATE matter SET reporters = (SELECT COUNT(*) FROM report r WHERE r.matter_id = matter.id) WHERE id = \(id)")
    }

    func setMilestones() throws {
        guard input.milestones.count <= 30, input.milestones.allSatisfy({ !$0.name.trimmingSpaces.isEmpty && $0.name.count <= 200 }) else {
            throw MatterRefusal.badMilestones
        }
        try tx.run("DELETE FROM milestone WHERE matter_id = \(matter.id) AND reached_at IS NULL")
        let kept = try tx.count("SELECT COUNT(*) FROM milestone WHERE matter_id = \(matter.id)")
        for (index, milestone) in input.milestones.sorted(by: { $0.due < $1.due }).enumerated() {
            let id = MilestoneID(act.derived("milestone \(matter.id) \(index)"))
            try tx.run(
                """
                INSERT INTO milestone (id, matter_id, name, due_day, position)
                VALUES (\(id), \(matter.id), \(milestone.name.trimmingSpaces), \(milestone.due), \(kept + index))
                """)
            let due = Instant(milestone.due + 1, in: catalog.platform.zone)
            try tx.schedule(
                DueTimer(
                    id: id.uuid.derived("late"), at: due, sort: "clock.milestone", subject: id.uuid,
                    detail: ["matter": matter.id.description]))
        }
    }

    func reachMilestone() throws {
        guard let id = input.milestone else { throw MatterRefusal.missing(.milestones) }
        let changed = try tx.run(
            "UPDATE milestone SET reached_at = \(now) WHERE id = \(id) AND matter_id = \(matter.id) AND reached_at IS NULL")
        guard changed > 0 else { throw MatterRefusal.badMilestones }
        try tx.cancelTimers(of: id.uuid)
        try endProgressClock()
        detail["milestone"] = id.description
    }

    /// Rows for the photos that came or will come with this act.
    func expectPhotos() throws {
        guard let wish = action?.photo else { return }
        for id in input.photos.prefix(6) {
            try tx.run(
                """
                INSERT INTO photo (id, matter_id, part_id, role, state, at) VALUES (\(id), \(matter.id), \(part?.id), \(wish.role),
                    \(Photo.State.awaited), \(now)) ON CONFLICT (id) DO NOTHING
                """)
        }
    }
}
