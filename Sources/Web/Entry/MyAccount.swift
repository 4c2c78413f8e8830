import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Posts
import Store

/// What one does with one's own account: another password, an app for codes, trusted devices.
enum MyAccount {
    static func act(_ call: Call) async throws -> Response {
        guard let session = call.session else { throw Permission.refusal }
        let (verb, form, posts, database) = (try call.parameter("act"), call.form, call.house.posts, call.house.database)
        let person = session.person.id
        let act = Act(id: UUIDv7(at: call.now), at: call.now, actor: session.actor)
        // As typed: spaces at its ends count.
        let password = form.all("password").first ?? ""
        do {
            switch verb {
            case "app":
                let step = try await posts.beginEnrolment(of: person, password: password, at: call.now, in: database)
                return SecondStepPage.lead(call, Paths.signInApp, step, next: Paths.me)
            case "remove_app":
                try await posts.removeSecondFactor(password: password, act: act, in: database)
                call.alarm("second_factor.removed")
            case "distrust":
                guard let device = UUIDv7(form["device"]) else { throw Call.missing }
                try await database.write { tx in try posts.distrust(device, of: person, act: act, in: tx) }
            case "password":
                try await posts.changePassword(
                    of: person, from: password, to: form.all("new").first ?? "", keeping: session.token, act: act, in: database)
                call.alarm("password.changed")
            default: throw Call.missing
            }
            return call.redirect(to: Paths.me + "?" + URLEncoded.encoded([("did", verb)]))
        } catch let refusal as SignInRefusal {
            return try await MePage.page(call, refused: refusal)
        }
    }

    /// The part of *me* that is about signing in.
    static func view(_ call: Call, _ session: ReaderSession, in tx: Transaction) throws -> View {
        let (posts, person) = (call.house.posts, session.person.id)
        var view: View = [:]
        let demanded = try posts.demandsSecondFactor(of: person, at: call.now, in: tx)
        if try posts.isSecondFactorWaived(in: tx) { view["demo"] = true }
        guard
            let factor = try posts.secondFactor(
                of: person, device: CookieNames.read(call.request.headers)[call.house.cookies.device], at: call.now, in: tx)
        else { return view }
        let times = call.times
        var shown: View = [
            "since": call.say("entry.app.since", ["day": times.date(factor.madeAt.day(in: call.house.zone))]),
            "left": call.say("entry.codes.left", ["count": "\(factor.recoveryLeft)"]),
            "devices": factor.devices.map { device in
                var line: View = [
                    "id": device.id.description,
                    "period": call.say(
                        "entry.devices.line",
                        [
                            "from": times.date(device.madeAt.day(in: call.house.zone)),
                            "until": times.date(device.until.day(in: call.house.zone)),
                        ]),
                ]
                if device.isThis { line["this"] = true }
                return line
            },
        ]
        if !demanded { shown["optional"] = true }
        view["factor"] = shown
        return view
    }
}
