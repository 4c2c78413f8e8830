import Basics
import Catalog
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Posts
import Store

/// Between the password and the pages: the code of the app, or setting the app up. Nothing else opens before.
enum SecondStepPage {
    /// Goes on to the next step, which this browser alone may take.
    static func lead(_ call: Call, _ path: String, _ step: String, next: String) -> Response {
        let query = SignInPage.safe(next).map { "?" + URLEncoded.encoded([("next", $0)]) } ?? ""
        var response = call.redirect(to: path + query)
        let names = call.house.cookies
        response.add(cookie: names.set(names.step, step, seconds: Int(SignInStep.lasts.milliseconds / 1000), strict: true))
        return response
    }

    static func code(_ call: Call) async throws -> Response { try await show(call, enrols: false) }
    static func app(_ call: Call) async throws -> Response { try await show(call, enrols: true) }

    private static func token(_ call: Call) -> String? {
        CookieNames.read(call.request.headers)[call.house.cookies.step].flatMap { (20...100).contains($0.utf8.count) ? $0 : nil }
    }

    private static func show(_ call: Call, enrols: Bool, refused: (any Refusal)? = nil) async throws -> Response {
        let next = call.request.method == .post ? call.form["next"] : call.query("next")
        guard let token = token(call),
            let (step, app) = try await call.house.database.read({ [posts = call.house.posts, now = call.now] tx in
                try posts.step(token, at: now, in: tx).map { ($0, try posts.app(of: $0, in: tx)) }
            }), step.enrols == enrols
        else { return call.redirect(to: call.session == nil ? Paths.signIn : Paths.me) }
        var view: View = ["next": SignInPage.safe(next) ?? ""]
        if let refused { view["refused"] = call.say(refused) }
        if call.session == nil { view["stranger"] = true }
        let status = refused?.sort.status ?? .ok
        guard let app else { return try call.page("entry/code", title: call.say("entry.code"), view, status: status) }
        let issuer = call.house.catalog.platform.name[call.language]
        let address = app.address(account: step.account, issuer: issuer)
        view["qr"] = QRPicture.svg(address, label: call.say("entry.app.qr"))
        view["address"] = address
        view["secret"] = stride(from: 0, to: app.text.count, by: 4).map { String(app.text.dropFirst($0).prefix(4)) }.joined(separator: " ")
        view["account"] = step.account
        return try call.page("entry/app", title: call.say("entry.app"), view, status: status)
    }

    static func confirmCode(_ call: Call) async throws -> Response { try await confirm(call, enrols: false) }
    static func confirmApp(_ call: Call) async throws -> Response { try await confirm(call, enrols: true) }

    private static func confirm(_ call: Call, enrols: Bool) async throws -> Response {
        guard let token = token(call) else { return call.redirect(to: Paths.signIn) }
        do {
            try call.spend(call.house.limits.signIn, by: Peer.network(of: call.peer))
            let confirmed = try await call.house.posts.confirm(
                token, code: String(call.form["code"].prefix(40)), trust: call.form.has("trust"),
                knock: try await call.knock(leaving: call.session?.token), at: call.now, in: call.house.database)
            call.house.limits.signIn.giveBack(Peer.network(of: call.peer))
            var response: Response
            if confirmed.recoveryCodes.isEmpty {
                response = call.redirect(
                    to: SignInPage.destination(call.form["next"], try await call.house.session(confirmed.signedIn.token)))
            } else {
                let onward = SignInPage.destination(call.form["next"], try await call.house.session(confirmed.signedIn.token))
                response = try call.page(
                    "entry/codes", title: call.say("entry.codes"),
                    ["codes": confirmed.recoveryCodes.map { ["code": $0] as View }, "onward": onward], hasForms: false)
                call.alarm("second_factor.set", who: confirmed.signedIn.session.person.description)
            }
            SignInPage.admit(call, confirmed.signedIn, &response)
            let names = call.house.cookies
            if let device = confirmed.device { response.add(cookie: names.set(names.device, device, seconds: 30 * 86_400)) }
            return response
        } catch SignInRefusal.stepOver {
            return try await SignInPage.page(call, next: call.form["next"], name: "", refused: SignInRefusal.stepOver)
        } catch let refusal as any Refusal {
            call.alarm("code.refused", ["why": refusal.key])
            return try await show(call, enrols: enrols, refused: refusal)
        }
    }
}
