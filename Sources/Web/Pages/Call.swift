import Basics
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Posts

/// One request with all a handler needs: who reads, what was sent, and how to answer.
package struct Call: Sendable {
    let house: House
    let request: Request
    var context: WebContext
    /// The fields and files of a POST, already checked for a foreign origin.
    var form = Form()
    let query: Form

    init(house: House, request: Request, context: WebContext) {
        self.house = house
        self.request = request
        self.context = context
        query = Form(URLEncoded.pairs(request.uri.query ?? ""))
    }

    var now: Instant { house.time.now }
    var reader: Reader { context.reader }
    var language: Language { context.reader.language }
    var session: ReaderSession? { context.reader.session }
    var times: Times { Times(now: now, zone: house.zone, language: language, wording: house.wording) }
    var peer: String { Peer.address(of: request, connection: context.connection, trusted: house.settings.trustedProxies) }

    func say(_ key: String, _ values: [String: String] = [:]) -> String { house.wording.say(key, language, values) }
    /// A refusal in the reader's words; an instant in it is said as a time.
    func say(_ refusal: any Refusal) -> String {
        var values = refusal.values
        for name in ["until", "at", "due"] {
            if let value = values[name], let milliseconds = Int64(value) {
                values[name] = times.moment(Instant(milliseconds: milliseconds))
            }
        }
        return say("refusal.\(refusal.key)", values)
    }

    /// A query parameter, empty when missing.
    func query(_ name: String) -> String { query[name] }
    /// All values of a query parameter.
    func queries(_ name: String) -> [String] { query.all(name) }
    func number(_ name: String) -> Double? { query.number(name) }

    /// - Throws: *not found* when the path has no such part.
    func parameter(_ name: String) throws -> String {
        guard let value = context.parameters.get(name)?.removingPercentEncoding, !value.isEmpty, !value.utf8.contains(0) else {
            throw Self.missing
        }
        return value
    }

    /// The id in the path.
    func id<ID: Identifier>(_ name: String, as type: ID.Type = ID.self) throws -> ID {
        guard let id = ID(try parameter(name)) else { throw Self.missing }
        return id
    }

    static let missing = PlainRefusal("web.not_found", sort: .missing)

    // MARK: Answers

    /// A whole page: the view, and what every page has (head, language, size of type, the form's token).
    /// - Parameter hasForms: without forms it sets no cookie for them.
    func page(
        _ template: String, title: String, _ view: View, status: HTTPResponse.Status = .ok, hasForms: Bool = true
    ) throws -> Response {
        var shell = PageShell(call: self, title: title, hasForms: hasForms)
        let view = shell.filled(view)
        var response = html(try house.templates.render(template, view, in: language), status: status)
        for cookie in shell.cookies { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return response
    }

    /// The text of a page, to become a paper.
    func sheet(_ template: String, title: String, _ view: View) throws -> String {
        var shell = PageShell(call: self, title: title)
        return try house.templates.render(template, shell.filled(view), in: language)
    }

    /// A piece of a page, for a module that asks for it.
    func piece(_ template: String, _ view: View) throws -> Response {
        var view = view
        view["icons"] = house.assets.base + "/icons/sprite.svg"
        return html(try house.templates.render(template, view, in: language), status: .ok)
    }

    private func html(_ text: String, status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8", .contentLanguage: language.rawValue],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// 303, so that a reload repeats nothing.
    func redirect(to path: String) -> Response { Response(status: .seeOther, headers: [.location: path]) }

    func json(_ body: [String: any Sendable], status: HTTPResponse.Status = .ok) -> Response {
        let data = (try? JSONSerialization.data(withJSONObject: body, options: [.sortedKeys, .withoutEscapingSlashes])) ?? Data("{}".utf8)
        return Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"], body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }

    func svg(_ text: String, cache: String = "no-store") -> Response {
        Response(
            status: .ok, headers: [.contentType: "image/svg+xml; charset=utf-8", .cacheControl: cache],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// - Parameter name: of the file, without its ending.
    func pdf(_ bytes: [UInt8], name: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "application/pdf", .contentDisposition: "attachment; filename*=UTF-8''\(URLEncoded.encoded(name + ".pdf"))",
                .cacheControl: "no-store",
            ],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A sentence in place of an answer that was asked too often: by whoever is signed in, else from this address.
    /// - Parameter key: of something else that is limited.
    func spend(_ buckets: Buckets, by key: String? = nil) throws {
        guard buckets.take(key ?? session?.person.id.description ?? Peer.network(of: peer), at: now) else {
            throw PlainRefusal("web.too_many", sort: .tooMany)
        }
    }
}
