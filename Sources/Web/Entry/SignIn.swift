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
        return try await page(call, next: call.query("next"), name: "")
    }

    static func enter(_ call: Call) async throws -> Response {
        let (name, next) = (call.form["name"], call.form["next"])
        let sender = Peer.network(of: call.peer)
        do {
            try call.spend(call.house.limits.signIn, by: sender)
            // The password as it was typed: spaces at its ends count.
            let password = call.form.all("password").first ?? ""
            let entered = try await call.house.posts.enter(
                name: name, password: password, knock: try await call.knock(leaving: call.session?.token), at: call.now,
                in: call.house.database)
            // A house full of people behind one address: whoever may come in is no guess.
            call.house.limits.signIn.giveBack(sender)
            switch entered {
            case .whole(let signed): return try await welcome(call, signed, next: next)
            case .asksForCode(let step): return SecondStepPage.lead(call, Paths.signInCode, step, next: next)
            case .asksToEnrol(let step): return SecondStepPage.lead(call, Paths.signInApp, step, next: next)
            }
        } catch let refusal as any Refusal {
            call.alarm("sign_in.refused", ["why": refusal.key])
            return try await page(call, next: next, name: name, refused: refusal)
        }
    }

    /// The cookie of the new session, and on to where the person was going.
    static func welcome(_ call: Call, _ signed: SignedIn, next: String) async throws -> Response {
        let session = try await call.house.session(signed.token)
        var response = call.redirect(to: destination(next, session))
        admit(call, signed, &response)
        return response
    }

    static func admit(_ call: Call, _ signed: SignedIn, _ response: inout Response) {
        call.alarm("sign_in.done", who: signed.session.person.description)
        let names = call.house.cookies
        response.add(cookie: names.set(names.session, signed.token, seconds: Int(Session.longest.milliseconds / 1000)))
        response.add(cookie: names.set(names.form, "", seconds: 0, strict: true))
        response.add(cookie: names.set(names.step, "", seconds: 0, strict: true))
        if let old = call.session?.token { call.house.feed.end { $0 == old } }
    }

    static func leave(_ call: Call) async throws -> Response {
        if let session = call.session {
            let (token, entry) = (session.token, UUIDv7(at: call.now))
            try await call.house.database.write { [posts = call.house.posts, now = call.now] tx in
                try posts.signOut(token, entry: entry, at: now, in: tx)
            }
            call.house.feed.end { $0 == token }
            call.alarm("sign_out")
        }
        let names = call.house.cookies
        var response = call.redirect(to: Paths.home)
        response.add(cookie: names.set(names.session, "", seconds: 0))
        // The next person at this screen finds nothing of this one; cookies of language and size of type may stay.
        if let name = HTTPField.Name("Clear-Site-Data") { response.headers[name] = "\"cache\", \"storage\"" }
        return response
    }

    /// - Parameter kept: words that could not be led back to their form.
    static func page(_ call: Call, next: String, name: String, refused: (any Refusal)? = nil, kept: String? = nil) async throws -> Response
    {
        var view: View = ["next": safe(next) ?? "", "name": name]
        if let kept, !kept.isEmpty { view["kept"] = kept }
        if let refused { view["refused"] = call.say(refused) }
        if try await call.house.database.read({ [posts = call.house.posts] tx in try posts.isSecondFactorWaived(in: tx) }) {
            view["demo"] = true
        }
        return try call.page("entry/sign-in", title: call.say("entry.sign_in"), view, status: refused?.sort.status ?? .ok)
    }

    static func destination(_ next: String, _ session: ReaderSession?) -> String {
        safe(next) ?? session?.home.map { "/" + $0 } ?? Paths.me
    }

    /// A path of our own, never another site's.
    static func safe(_ next: String) -> String? {
        // NB: by bytes; see `escaped`. A browser takes `//` and `/\` for another site, whatever mark follows them.
        let bytes = next.utf8
        guard bytes.first == UInt8(ascii: "/"), bytes.dropFirst().first != UInt8(ascii: "/"),
            bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return nil }
        return next
    }
}
