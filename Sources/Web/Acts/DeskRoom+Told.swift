import Basics
import Grids
import Matters

// What a page says of a matter beyond its own facts.
extension DeskRoom {
    /// On a border both sides see it; the other side by name.
    func border(of matter: Matter) -> String? {
        guard matter.state == .open, let other = matter.border.flatMap(land.grid) else { return nil }
        return say("desk.border", ["grid": other.name])
    }

    /// Why an action is no longer open: what somebody else did meanwhile, in the words of the steps.
    func overtaken(_ seen: MatterView, _ asked: AskedAct) throws -> String {
        if let refused = asked.refused, refused.sort != .conflict { return call.say(refused) }
        guard let last = seen.steps.last(where: { $0.mechanism != nil && $0.mechanism != .note }) else {
            return say("refusal.matter.not_now")
        }
        let line = try StepsView(room: self, seen: seen).line(of: last)
        return say("desk.overtaken", ["step": line.title, "who": line.who])
    }
}
