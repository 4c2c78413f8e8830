/// The string literals of a Swift file, without comments. An interpolation stands as `\()`; literals inside it are read too.
struct Literals {
    struct Literal {
        let text: String
        let line: Int
    }

    private(set) var all: [Literal] = []
    private let bytes: [UInt8]
    private var at = 0
    private var line = 1

    static func of(_ source: String) -> [Literal] {
        var reading = Literals(source)
        reading.code(inside: false)
        return reading.all
    }

    private init(_ source: String) { bytes = Array(source.utf8) }

    private func byte(_ ahead: Int = 0) -> UInt8 { at + ahead < bytes.count ? bytes[at + ahead] : 0 }
    private func stands(_ text: StaticString, _ ahead: Int = 0) -> Bool {
        (0..<text.utf8CodeUnitCount).allSatisfy { byte(ahead + $0) == text.utf8Start[$0] }
    }
    private mutating func step() {
        if byte() == UInt8(ascii: "\n") { line += 1 }
        at += 1
    }

    /// - Parameter inside: an interpolation, over at its parenthesis.
    private mutating func code(inside: Bool) {
        var depth = 0
        while at < bytes.count {
            if stands("//") {
                while at < bytes.count, byte() != UInt8(ascii: "\n") { at += 1 }
            } else if stands("/*") {
                while at < bytes.count, !stands("*/") { step() }
                at += 2
            } else if stands("#") {
                var hashes = 0
                while stands("#", hashes) { hashes += 1 }
                at += hashes
                if stands("\"") { string(hashes) } else if stands("/") { regex(hashes) }
            } else if stands("\"") {
                string(0)
            } else {
                if stands("(") { depth += 1 }
                if stands(")") {
                    if inside, depth == 0 { at += 1; return }
                    depth -= 1
                }
                step()
            }
        }
    }

    private func hashed(_ count: Int, _ ahead: Int) -> Bool { (0..<count).allSatisfy { stands("#", ahead + $0) } }

    private mutating func regex(_ hashes: Int) {
        at += 1
        while at < bytes.count, !(stands("/") && hashed(hashes, 1)) { step() }
        at += 1 + hashes
    }

    private mutating func string(_ hashes: Int) {
        let quotes = stands("\"\"\"") ? 3 : 1
        at += quotes
        let start = line
        var text: [UInt8] = []
        while at < bytes.count {
            if stands("\\"), hashed(hashes, 1) {
                at += 1 + hashes
                if stands("(") {
                    at += 1
                    text += Array("\\()".utf8)
                    code(inside: true)
                } else {
                    text += [UInt8(ascii: "\\"), byte()]
                    step()
                }
            } else if quotes == 3 ? stands("\"\"\"") && hashed(hashes, 3) : stands("\"") && hashed(hashes, 1) {
                at += quotes + hashes
                break
            } else {
                if quotes == 1, stands("\n") { break }
                text.append(byte())
                step()
            }
        }
        all.append(Literal(text: String(decoding: text, as: UTF8.self), line: start))
    }
}
