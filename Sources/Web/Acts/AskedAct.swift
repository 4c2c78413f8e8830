import Basics
import HummingbirdCore

/// An action being filled in, and why it was not done.
struct AskedAct: Sendable {
    let verb: String
    /// The act that pressing it will be; kept when the form is shown again, so that a second press is the same act.
    let act: UUIDv7
    /// What was typed, or the query of a link that fills something in.
    let typed: Form
    var refused: (any Refusal)?

    /// Before the name of a field in an address that a list knows by the same name.
    static let prefix = "f."

    /// The form as an address fills it in: `part`, `other`, and whatever carries the prefix; never what narrows the list beside it.
    init(_ call: Call) throws {
        let pairs = URLEncoded.pairs(call.request.uri.query ?? "").compactMap { pair -> (name: String, value: String)? in
            if pair.name.hasPrefix(Self.prefix) { return (String(pair.name.dropFirst(Self.prefix.count)), pair.value) }
            return DeskList.names.contains(pair.name) ? nil : pair
        }
        self.init(verb: try call.parameter("verb"), act: UUIDv7(at: call.now), typed: Form(pairs))
    }

    init(verb: String, act: UUIDv7, typed: Form, refused: (any Refusal)? = nil) {
        self.verb = verb
        self.act = act
        self.typed = typed
        self.refused = refused
    }
}
