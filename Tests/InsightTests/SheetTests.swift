import Basics
import Foundation
import Insight
import Testing

@Suite struct SheetTests {
    @Test(arguments: ["=1+1", "+1", "-1", "=\u{338}1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", " =1"])
    func formulasAreText(_ text: String) {
        let line = CSVText.line([.text(text)])
        #expect(line.hasPrefix("'") || line.hasPrefix("\"'"))
    }

    @Test func rfc4180() {
        #expect(
            CSVText.line([.text("a,b"), .text("say \"hi\""), .text("two\nlines"), .empty, .integer(-3), .text("0113")])
                == "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,-3,0113\r\n")
        #expect(CSVText.line([.text("a\"\u{338},b")]).utf8.elementsEqual("\"a\"\"\u{338},b\"\r\n".utf8))
        #expect(CSVText.line(["a\r\nb", "垃圾，满"]) == "\"a\r\nb\",垃圾，满\r\n")
        #expect(CSVText.line([.share(0.5), .number(.nan), .day(Day(epoch: 0))]) == "0.5,,1970-01-01\r\n")
    }

    @Test func aWorkbookIsWritten() throws {
        let path = NSTemporaryDirectory() + "sheet-\(UUIDv7(at: .systemNow)).xlsx"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let long = String(repeating: "字", count: 100_000)
        try Sheet.write(to: path, name: "a[b]:*?/\\", header: ["编号", "place"]) { add in
            try add([.text("0113"), .text("=HYPERLINK(\"x\")"), .share(0.25), .integer(3)])
            try add([
                .text(long), .text("a\u{0}b\u{1}\u{FFFF}"), .day(Day(epoch: 20_000)),
                .instant(Instant(milliseconds: 1_700_000_000_000), .gmt),
            ])
        }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(bytes.prefix(2) == Data("PK".utf8))
        #expect(bytes.count > 1000)
    }

    @Test func nothingIsLeftOfAHalfOne() throws {
        struct Stop: Error {}
        let path = NSTemporaryDirectory() + "sheet-\(UUIDv7(at: .systemNow)).xlsx"
        #expect(throws: Stop.self) {
            try Sheet.write(to: path, name: "a", header: ["a"]) { add in
                try add([.integer(1)])
                throw Stop()
            }
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(throws: Sheet.Failure.self) { try Sheet.write(to: "/nowhere/at/all.xlsx", name: "a", header: []) { _ in } }
    }
}
