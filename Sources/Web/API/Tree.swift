import Basics
import Foundation

/// A small document that is written as XML and as JSON, its members in the order given.
///
/// Follows the Spark convention of Open311: an object's members are elements, a list's items are elements of one name and, in JSON, an array.
enum Tree: Sendable {
    case empty
    case text(String)
    case number(Double)
    case flag(Bool)
    case object([(String, Tree)])
    /// - item: the name of each element in XML.
    case list(item: String, [Tree])

    /// Nothing stays nothing: an empty element, `null`.
    static func text(_ text: String?) -> Tree { text.map { $0.isEmpty ? .empty : Tree.text($0) } ?? .empty }
    static func number(_ number: Double?) -> Tree { number.map { Tree.number($0) } ?? .empty }

    // MARK: XML

    func xml(root: String) -> String {
        var out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        write(as: root, to: &out)
        return out
    }

    private func write(as name: String, to out: inout String) {
        out += "<\(name)>"
        switch self {
        case .empty: break
        case .text(let text): Self.escape(text, to: &out)
        case .number(let number): out += Self.digits(number)
        case .flag(let flag): out += flag ? "true" : "false"
        case .object(let members): for (name, value) in members { value.write(as: name, to: &out) }
        case .list(let item, let items): for value in items { value.write(as: item, to: &out) }
        }
        out += "</\(name)>"
    }

    /// Escapes what XML must not hold and leaves out what it cannot.
    static func escape(_ text: String, to out: inout String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\r": out += "&#13;"
            case "\n", "\t": out.unicodeScalars.append(scalar)
            default: if scalar.value >= 32, scalar.value != 0xFFFE, scalar.value != 0xFFFF { out.unicodeScalars.append(scalar) }
            }
        }
    }

    // MARK: JSON

    var json: String { String(decoding: jsonBytes, as: UTF8.self) }

    var jsonBytes: [UInt8] {
        var out: [UInt8] = []
        write(to: &out)
        return out
    }

    private func write(to out: inout [UInt8]) {
        switch self {
        case .empty: out += "null".utf8
        case .text(let text): JSONText.quote(text, into: &out)
        case .number(let number): out += Self.digits(number).utf8
        case .flag(let flag): out += flag ? "true".utf8 : "false".utf8
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                JSONText.quote(member.0, into: &out)
                out.append(UInt8(ascii: ":"))
                member.1.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        case .list(_, let items):
            out.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                item.write(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        }
    }

    /// Whole numbers without a point; never an exponent for degrees.
    static func digits(_ number: Double) -> String {
        guard number.isFinite else { return "0" }
        if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
        let text = "\(number)"
        return text.contains("e") ? String(format: "%.9f", number) : text
    }
}
