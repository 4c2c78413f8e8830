import Basics
import Hummingbird
import HummingbirdCore
import Logging
import Posts
import Store

extension Call {
    /// A mark of where this request comes from, for the journal, which holds no addresses.
    func knock(leaving: String? = nil) async throws -> Knock {
        let secret = try await house.database.read { [posts = house.posts] tx in try posts.secret(in: tx) }
        let device = CookieNames.read(request)[house.cookies.device]
        return Knock(from: secret.mark(Peer.network(of: peer)), device: device, leaving: leaving)
    }

    /// One line in the log for what matters to security: what, who, from where. Ids and addresses of the network, never words or names.
    func alarm(_ event: String, who: String? = nil, _ more: [String: String] = [:]) {
        var fields = more
        fields["event"] = event
        fields["who"] = who ?? session?.person.id.description ?? "stranger"
        fields["from"] = peer
        fields["route"] = context.endpointPath ?? ""
        fields["id"] = context.short
        context.logger.notice("security", metadata: fields.mapValues { "\(LogText.safe($0))" })
    }
}

enum LogText {
    /// One word on one line, whatever it was made of: other bytes as `%XX`, so that nobody writes a line or a field of his own.
    static func safe(_ text: String) -> String {
        String(
            text.utf8.prefix(200).map { byte -> String in
                let character = Character(UnicodeScalar(byte))
                return byte < 128 && (character.isLetter || character.isNumber || "-._:/".contains(character))
                    ? String(character) : "%" + String(byte, radix: 16, uppercase: true)
            }.joined())
    }
}
