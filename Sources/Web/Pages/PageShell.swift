import Basics
import Catalog
import HummingbirdCore
import Posts

/// What every page has around its own view.
struct PageShell {
    let call: Call
    let title: String
    let hasForms: Bool
    private(set) var cookies: [String] = []

    init(call: Call, title: String, hasForms: Bool = true) {
        self.hasForms = hasForms
        self.call = call
        self.title = title
    }

    mutating func filled(_ view: View) -> View {
        let house = call.house
        let other: Language = call.language == .chinese ? .english : .chinese
        let large = call.reader.large
        var whole: View = [
            "title": title,
            "lang": call.language.rawValue,
            "assets": house.assets.base,
            "icons": house.assets.base + "/icons/sprite.svg",
            "district": house.catalog.platform.name[call.language],
            "otherLanguage": ["code": other.rawValue, "href": here(["lang": other.rawValue])] as View,
            "otherSize": ["href": here(["type": large ? "normal" : "large"]), "large": large] as View,
            "csrf": hasForms ? Self.field(token()) : "",
            "here": here([:]),
        ]
        if large { whole["large"] = true }
        if let session = call.session {
            whole["me"] =
                [
                    "name": session.person.name, "id": session.person.id.description, "field": session.opens(.field),
                    "desk": session.opens(.desk),
                    "command": session.opens(.command), "admin": session.opens(.admin),
                    "audit": session.opens(.audit),
                    "walls": session.opens(.walls),
                ] as View
        }
        let platform = house.catalog.platform
        if !platform.supervisionPhone.isEmpty { whole["supervision"] = call.say("web.supervision", ["phone": platform.supervisionPhone]) }
        if !platform.reviewNumber.isEmpty { whole["mapReview"] = call.say("web.map_review", ["number": platform.reviewNumber]) }
        return whole.merging(view) { $1 }
    }

    private static func field(_ token: String) -> String { "<input type=\"hidden\" name=\"csrf\" value=\"\(token)\">" }
    /// The form's token for a piece of a page of somebody signed in.
    static func token(_ session: ReaderSession?) -> String { session.map { field($0.csrf) } ?? "" }

    /// This page's address with other words in its query; a page that answers a POST leads back to its form.
    private func here(_ changes: [String: String]) -> String {
        let pairs = URLEncoded.pairs(call.request.uri.query ?? "").filter { $0.name != "lang" && $0.name != "type" }
        let query = pairs.map { ($0.name, $0.value) } + changes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let path = call.request.uri.path
        return query.isEmpty ? path : path + "?" + URLEncoded.encoded(query)
    }

    private mutating func token() -> String {
        if let session = call.session { return session.csrf }
        if let token = call.reader.formToken { return token.markupEscaped }
        let token = Secret.token()
        let names = call.house.cookies
        cookies.append(names.set(names.form, token, seconds: nil, strict: true))
        return token
    }
}
