import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// Number and query code instead of the link: for whoever got them on paper or by text message.
enum FindPage {
    static func show(_ call: Call) async throws -> Response { try page(call) }

    static func go(_ call: Call) async throws -> Response {
        do {
            try call.spend(call.house.limits.find)
            let (number, code) = (Self.digits(call.form["number"]), Self.digits(call.form["code"]))
            // A code has six digits: nobody may go through them, also not from many addresses.
            try call.spend(call.house.limits.code, by: String(number.prefix(40)))
            guard let token = try await token(call, number: number, code: code) else {
                throw PlainRefusal("portal.no_such_report")
            }
            return call.redirect(to: Paths.progress(token))
        } catch let refusal as any Refusal {
            return try page(call, refused: refusal)
        }
    }

    /// Number and code belong to the report, also after its matter was merged into another.
    private static func token(_ call: Call, number: String, code: String) async throws -> String? {
        guard !number.isEmpty, !code.isEmpty else { return nil }
        let (house, now) = (call.house, call.now)
        return try await house.database.write { tx in
            guard let first = try house.matters.matter(number: number, in: tx) else { return nil }
            let reports = try house.matters.reports(of: first.mergedInto ?? first.id, in: tx)
            guard let report = reports.first(where: { $0.queryCode == code }) else { return nil }
            let verbs = try house.matters.kind(of: first, in: tx).actions.filter { $0.by.contains(.reporter) }.map(\.id)
            return try house.posts.reporterPass(report: report.id.uuid, verbs: Set(verbs), at: now, in: tx).token
        }
    }

    /// Full-width digits and dashes as people type them, without spaces.
    static func digits(_ text: String) -> String {
        String(
            text.compactMap { character -> Character? in
                if character.isWhitespace { return nil }
                if let value = character.wholeNumberValue, (0...9).contains(value) { return Character(String(value)) }
                return "－—–".contains(character) ? "-" : character
            })
    }

    private static func page(_ call: Call, refused: (any Refusal)? = nil) throws -> Response {
        var view: View = ["number": call.form["number"]]
        if let refused { view["refused"] = call.say(refused) }
        return try call.page("portal/find", title: call.say("find.title"), view, status: refused?.sort.status ?? .ok)
    }
}
