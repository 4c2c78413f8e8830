import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Posts
import Store

/// Signing in and out: a new session each time, the old one ends.
enum SignInPage {
    static func show(_ call: Call) async throws -> Response {
        if let session = call.session { return call.redirect(to: destination(call.query("next"), session)) }
        return try page(call, next: call.query("next"), name: "")
    }

    static func enter(_ call: Call) async throws -> Response {
        let (name, next) = (call.form["name"], call.form["next"])
        do {
            try call.spend(call.house.limits.signIn, by: Peer.network(of: call.peer))
            // The password as it was typed: spaces at its ends count.
            let password = call.form.all("password").first ?? ""
            let signed = try await call.house.posts.signIn(
                name: name, password: password, leaving: call.session?.token, at: call.now, in: call.house.database)
            let names = call.house.cookies
            let session = try await call.house.session(signed.token)
            var response = call.redirect(to: destination(next, session))
            response.headers.append(
                HTTPField(
                    name: .setCookie, value: names.set(names.session, signed.token, seconds: Int(Session.longest.milliseconds / 1000))))
            response.headers.append(HTTPField(name: .setCookie, value: names.set(names.form, "", seconds: 0, strict: true)))
            return response
        } catch let refusal as any Refusal {
            return try page(call, next: next, name: name, refused: refusal)
        }
    }

    static func leave(_ call: Call) async throws -> Response {
        if let token = call.session?.token {
            try await call.house.database.write { [posts = call.house.posts] tx in try posts.signOut(token, in: tx) }
            call.house.feed.end { $0 == token }
        }
        let names = call.house.cookies
        var response = call.redirect(to: Paths.home)
        response.headers.append(HTTPField(name: .setCookie, value: names.set(names.session, "", seconds: 0)))
        // The next person at this screen finds nothing of this one; cookies of language and size of type may stay.
        if let name = HTTPField.Name("Clear-Site-Data") { response.headers[name] = "\"cache\", \"storage\"" }
        return response
    }

    /// - Parameter kept: words that could not be led back to their form.
    static func page(_ call: Call, next: String, name: String, refused: (any Refusal)? = nil, kept: String? = nil) throws -> Response {
        var view: View = ["next": safe(next) ?? "", "name": name]
        if let kept, !kept.isEmpty { view["kept"] = kept }
        if let refused { view["refused"] = call.say(refused) }
        return try call.page("entry/sign-in", title: call.say("entry.sign_in"), view, status: refused?.sort.status ?? .ok)
    }

    private static func destination(_ next: String, _ session: ReaderSession?) -> String {
        safe(next) ?? session?.home.map { "/" + $0 } ?? Paths.me
    }

    /// A path of our own, never another site's.
    static func safe(_ next: String) -> String? {
        guard next.hasPrefix("/"), !next.hasPrefix("//"), !next.contains("\\"), next.unicodeScalars.allSatisfy({ $0.value >= 32 }) else {
            return nil
        }
        return next
    }
}
