import Basics
import Matters

extension MatterPane {
    /// The buttons, from what the kind allows now: the commonest filled, some beside it, the rest under *more*.
    func bar() -> View {
        let actions = seen.actions.filter { !$0.isOfLine && !$0.by.allSatisfy { $0 == .reporter } }
            .enumerated().sorted { ($0.element.turn, $0.offset) < ($1.element.turn, $1.offset) }.map(\.element)
        var used: Set<String> = []
        let buttons = actions.enumerated().map { index, action in button(action, isMain: index == 0, &used) }
        var view: View = [
            "buttons": Array(buttons.prefix(Action.inBar)), "more": Array(buttons.dropFirst(Action.inBar)),
            "anyMore": buttons.count > Action.inBar, "any": !buttons.isEmpty,
        ]
        if buttons.isEmpty { view["none"] = room.say("desk.bar.none") }
        return view
    }

    private func button(_ action: Action, isMain: Bool, _ used: inout Set<String>) -> View {
        var view: View = ["label": room.say(action.nameKey), "icon": action.icon]
        if isMain { view["main"] = true }
        if action.spot { view["spot"] = true }
        // Two actions of one sort share a key: the first has it.
        if let key = action.key, used.insert(key).inserted { view["key"] = key.uppercased() }
        if action.isOneClick {
            view["post"] =
                ["href": Paths.deskAct(matter.id, action.id), "act": UUIDv7(at: room.now).description, "list": room.list.query] as View
        } else {
            view["link"] = room.list.beside(Paths.deskAct(matter.id, action.id)) + "#form"
        }
        return view
    }
}
