import Basics
import Foundation
import HTTPTypes
import NIOCore

/// What somebody hears for whom there is no room: made once, since it is said most when there is least time.
struct CrowdedAnswer: Sendable {
    private enum Form: Hashable { case page, json, errorsJSON, errorsXML }
    private struct Kind: Hashable { let form: Form; let language: Language }

    private let bodies: [Kind: ByteBuffer]
    private let common: HTTPFields

    init(_ templates: Templates, _ wording: Wording, https: Bool) throws {
        let key = "web.crowded"
        var bodies: [Kind: ByteBuffer] = [:]
        for language in Language.allCases {
            let sentence = wording.say("refusal.web.crowded", language)
            let page = try templates.render("layout/crowded", ["lang": language.rawValue, "sentence": sentence], in: language)
            let object = Tree.object([("error", .text(key)), ("message", .text(sentence))])
            let error = Tree.object([("code", .number(503)), ("description", .text(sentence))])
            let errors = Tree.list(item: "error", [error])
            for (form, text) in [
                (Form.page, page), (.json, object.json), (.errorsJSON, errors.json), (.errorsXML, errors.xml(root: "errors")),
            ] {
                bodies[Kind(form: form, language: language)] = ByteBuffer(string: text)
            }
        }
        self.bodies = bodies
        var common = HTTPFields()
        SecurityHeaders(https: https).put(in: &common)
        self.common = common
    }

    func make(_ path: String, _ headers: HTTPFields) -> (head: HTTPResponse, body: ByteBuffer) {
        let form = form(path, headers)
        let body = bodies[Kind(form: form, language: Language(accepting: headers[.acceptLanguage] ?? ""))] ?? ByteBuffer()
        var fields = common
        fields[.contentType] =
            switch form {
            case .page: "text/html; charset=utf-8"
            case .json, .errorsJSON: "application/json; charset=utf-8"
            case .errorsXML: "text/xml; charset=utf-8"
            }
        // Soon, but not all in the same second.
        fields[.retryAfter] = "\(Int.random(in: 2...5))"
        fields[.contentLength] = "\(body.readableBytes)"
        return (HTTPResponse(status: .serviceUnavailable, headerFields: fields), body)
    }

    private func form(_ path: String, _ headers: HTTPFields) -> Form {
        let accepts = headers[.accept] ?? ""
        if path.hasPrefix("/open311/") {
            let name = path.prefix { $0 != "?" }
            return name.hasSuffix(".json") || (!name.hasSuffix(".xml") && accepts.contains("application/json")) ? .errorsJSON : .errorsXML
        }
        return accepts.hasPrefix("application/json") || path.hasPrefix("/api/") || path.hasPrefix("/live") ? .json : .page
    }
}
