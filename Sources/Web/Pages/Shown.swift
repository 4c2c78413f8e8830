import Basics
import Mustache

/// A view as swift-mustache reads it fastest: it asks each value in turn whether it is one of ten things, and takes longest over those of the
/// standard library. What a page says is told at once.
struct Shown: MustacheParent {
    let view: View

    func child(named name: String) -> Any? { view[name].map(Self.shown) }

    /// NB: types are compared before the cast, which is slow where it fails.
    private static func shown(_ value: any Sendable) -> Any {
        let type = type(of: value)
        if type == String.self, let text = value as? String { return Words(renderText: text) }
        if type == View.self, let view = value as? View { return Shown(view: view) }
        if type == [View].self, let views = value as? [View] { return views.map(Shown.init) }
        return value
    }

    private struct Words: MustacheCustomRenderable, MustacheParent {
        let renderText: String
        var isNull: Bool { false }

        /// Nothing is in words; without this the library looks for it with a mirror.
        func child(named: String) -> Any? { nil }
    }
}

/// HTML, escaped byte by byte: the library's own escape goes by Characters; see `escaped`. Each template begins with it.
struct Markup: MustacheContentType {
    static let name = "MARKUP"
    static let pragma = "{{% CONTENT_TYPE:\(name)}}\n"

    func escapeText(_ text: String) -> String { text.markupEscaped }
}
