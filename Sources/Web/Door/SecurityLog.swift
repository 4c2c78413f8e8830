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
        let device = CookieNames.read(request.headers)[house.cookies.device]
        return Knock(from: secret.mark(Peer.network(of: peer)), device: device, leaving: leaving)
    }

    /// An entry of the journal about what somebody signed in came for, beside what was done; the log has a line of it in any case.
    ///
    /// It must not stand in the way of the answer: without a database there is the line alone.
    func note(_ verb: String, _ detail: [String: String] = [:]) async {
        alarm(verb, detail)
        guard let person = session?.person.id, house.limits.noted.take(person.description, at: now) else { return }
        let (id, now, path) = (UUIDv7(at: now), now, context.endpointPath ?? "")
        do {
            let from = try await knock().from
            let all = detail.merging(["route": path, "from": from ?? ""]) { $1 }
            try await house.database.write { [posts = house.posts] tx in
                try posts.noteAccess(verb, of: person, detail: all, entry: id, at: now, in: tx)
            }
        } catch {
            context.logger.error("not noted in the journal", metadata: ["id": "\(context.short)", "error": "\(error)"])
        }
    }

    /// Who is counted as one sender where guesses are counted.
    var sender: String { session?.person.id.description ?? Peer.network(of: peer) }

    /// Somebody who goes through things that are not there is answered no more, also about those that are.
    func requirePatience() throws {
        guard house.limits.missing.has(sender, at: now) else { throw PlainRefusal("web.too_many", sort: .tooMany) }
    }

    /// What a refusal is worth noting.
    func noteRefusal(_ refusal: any Refusal) async {
        switch refusal.sort {
        case .forbidden where ["web.signed_out", "web.foreign_form"].contains(refusal.key): alarm("refused", ["why": refusal.key])
        case .forbidden: await note("access.refused", ["why": refusal.key])
        case .tooMany: alarm("limited", ["why": refusal.key])
        case .missing where context.endpointPath?.contains(where: { $0 == ":" || $0 == "{" }) == true:
            // The last one that was left.
            if house.limits.missing.take(sender, at: now), !house.limits.missing.has(sender, at: now) { await note("access.enumerated") }
        default: break
        }
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
