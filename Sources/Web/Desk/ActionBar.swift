import Basics
import Posts
import Matters

extension MatterPane {
    /// The buttons, from what the kind allows now: the commonest filled, some beside it, the rest under *more*.
    func bar() -> View {
        let actions = seen.actions.filter { !$0.isOfLine && !$0.by.allSatisfy { $0 == .reporter } && !isTooEarly($0) }
            .enumerated().sorted { (turn($0.element), $0.offset) < (turn($1.element), $1.offset) }.map(\.element)
        var used: Set<String> = []
        let together = takeAndAsk(&used)
        let buttons = [together].compactMap(\.self) + actions.enumerated().map { button($1, isMain: together == nil && $0 == 0, &used) }
        var view: View = [
            "buttons": Array(buttons.prefix(Action.inBar)), "more": Array(buttons.dropFirst(Action.inBar)),
            "anyMore": buttons.count > Action.inBar, "any": !buttons.isEmpty,
        ]
        if buttons.isEmpty { view["none"] = room.say("desk.bar.none") }
        return view
    }

    /// A whistle is rated by who came, not before.
    private func isTooEarly(_ action: Action) -> Bool {
        action.does == .rateAsk && !seen.parts.contains { $0.ask != nil && $0.state != .offered && room.mine.contains($0.post) }
    }

    /// What was not taken yet is passed on oftener than finished.
    private func turn(_ action: Action) -> Int {
        action.does == .finish && seen.actions.contains { $0.does == .take } ? max(action.turn, 18) : action.turn
    }

    /// Accepted and whistled in one act, where the duty list names a department and nobody was called yet.
    private func takeAndAsk(_ used: inout Set<String>) -> View? {
        guard let ask = seen.actions.first(where: { $0.does == .ask }), ask.needs.isEmpty, named?.unit != nil,
            let take = seen.actions.first(where: { $0.does == .take && $0.by.contains(.holder) }),
            seen.parts.contains(where: { $0.ask == nil && $0.state == .offered && room.mine.contains($0.post) }),
            !seen.parts.contains(where: { $0.ask != nil && $0.isOpen })
        else { return nil }
        var view: View = ["label": room.say("desk.bar.take_and_ask"), "icon": ask.icon, "main": true]
        if let key = take.key, used.insert(key).inserted { view["key"] = key.uppercased() }
        view["post"] = ["href": Paths.deskAct(matter.id, ask.id), "act": UUIDv7(at: room.now).description, "list": room.list.query] as View
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
