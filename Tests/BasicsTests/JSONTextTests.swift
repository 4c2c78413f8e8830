import Basics
import Foundation
import Testing

@Suite struct JSONTextTests {
    @Test("any text comes back as it was, and nothing ends it early")
    func quote() throws {
        let signs = (0..<0x80).compactMap { Unicode.Scalar($0).map(String.init) }
        let texts =
            ["", "槐荫路 12号楼", "👨‍👩‍👧", "\"\u{338}", "a\"\\\n\r\t\u{1}b", "\u{2028}\u{FEFF}"] + signs + signs.map { "井" + $0 + "\u{301}盖" }
        for text in texts {
            var quoted: [UInt8] = []
            JSONText.quote(text, into: &quoted)
            let read = try JSONSerialization.jsonObject(with: Data(quoted), options: .fragmentsAllowed) as? String
            #expect(read.map { Array($0.utf8) } == Array(text.utf8))
            #expect(quoted.allSatisfy { $0 >= 0x20 })
        }
    }
}
