/// A length of natural time in milliseconds; work time has a type of its own (`WorkTime` in Catalog).
package struct Span: Hashable, Comparable, Codable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static let zero = Span(milliseconds: 0)
    package static func seconds(_ n: Int64) -> Span { Span(milliseconds: n * 1000) }
    package static func minutes(_ n: Int64) -> Span { Span(milliseconds: n * 60_000) }
    package static func hours(_ n: Int64) -> Span { Span(milliseconds: n * 3_600_000) }
    package static func days(_ n: Int64) -> Span { Span(milliseconds: n * 86_400_000) }
    package static func < (a: Span, b: Span) -> Bool { a.milliseconds < b.milliseconds }
    package static func + (a: Span, b: Span) -> Span { Span(milliseconds: a.milliseconds + b.milliseconds) }
    package static func - (a: Span, b: Span) -> Span { Span(milliseconds: a.milliseconds - b.milliseconds) }
    package static prefix func - (a: Span) -> Span { Span(milliseconds: -a.milliseconds) }
}
