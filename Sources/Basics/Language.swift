/// The two languages of every page; 简体中文 is the source, English is complete.
package enum Language: String, CaseIterable, Codable, Hashable, Sendable {
    case chinese = "zh-Hans"
    case english = "en"

    /// The best of an `Accept-Language` value; Chinese when nothing fits.
    package init(accepting header: String) {
        for item in header.split(separator: ",") {
            let tag = item.split(separator: ";")[0].trimmingSpaces.lowercased()
            if tag.hasPrefix("zh") { self = .chinese; return }
            if tag.hasPrefix("en") { self = .english; return }
        }
        self = .chinese
    }
}

extension StringProtocol {
    /// Without spaces, tabs and line ends at both ends.
    package var trimmingSpaces: String {
        var view = self[...]
        while let first = view.first, first.isWhitespace { view.removeFirst() }
        while let last = view.last, last.isWhitespace { view.removeLast() }
        return String(view)
    }
}
