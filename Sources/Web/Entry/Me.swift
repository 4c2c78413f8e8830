import Basics
import Catalog
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Posts
import Store

/// One's own posts, language and size of type.
enum MePage {
    static func show(_ call: Call) async throws -> Response { try await page(call) }

    static func page(_ call: Call, refused: (any Refusal)? = nil) async throws -> Response {
        guard let session = call.session else { throw Permission.refusal }
        let (book, account) = try await call.house.database.read { [posts = call.house.posts] tx in
            (try posts.book(in: tx), try MyAccount.view(call, session, in: tx))
        }
        let posts: [View] = session.actor.heldPosts.map { held in
            var view: View = ["name": book.posts[held.post]?.name ?? ""]
            if let role = book.roles[held.role] { view["role"] = call.say(role.nameKey) }
            return view
        }
        let places: [(Need, String, String)] = [
            (.field, Paths.field, "entry.go.field"), (.desk, Paths.desk, "entry.go.desk"), (.command, Paths.command, "entry.go.command"),
            (.admin, Paths.admin, "entry.go.admin"),
        ]
        var view: View = [
            "account": account, "person": session.person.name, "posts": posts, "chinese": call.language == .chinese,
            "places": places.filter { session.opens($0.0) }.map { ["href": $0.1, "label": call.say($0.2)] as View },
        ]
        if let refused { view["refused"] = call.say(refused) }
        let did = call.query("did")
        if refused == nil, !did.isEmpty { view["did"] = call.house.wording.find("entry.did." + did.prefix(40), call.language, [:]) }
        return try call.page("entry/me", title: call.say("entry.me"), view, status: refused?.sort.status ?? .ok)
    }

    static func change(_ call: Call) async throws -> Response {
        guard let session = call.session else { throw Permission.refusal }
        let language = Language(rawValue: call.form["language"]) ?? call.language
        let size: Settings.TypeSize = call.form["type"] == "large" ? .large : .usual
        try await call.house.database.write { [posts = call.house.posts] tx in
            try posts.setSettings(Settings(typeSize: size), language: language, of: session.person.id, in: tx)
        }
        let names = call.house.cookies
        var response = call.redirect(to: Paths.me)
        response.headers.append(HTTPField(name: .setCookie, value: names.set(names.language, language.rawValue, seconds: 31_536_000)))
        response.headers.append(
            HTTPField(name: .setCookie, value: names.set(names.size, size == .usual ? "normal" : "large", seconds: 31_536_000)))
        return response
    }
}
