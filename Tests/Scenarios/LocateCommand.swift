import Basics
import Foundation
import Geo
import Grids
import Support
import Testing

@testable import weiwang

/// `weiwang locate`: one line out for each line in, whatever comes in and in whatever pieces.
@Suite struct LocateCommand {
    @Test(
        "codes from the top down; bad lines are empty and named by number; marks, line ends and pieces do not matter",
        arguments: Backend.all)
    func lines(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let day = town.engines.grids.land.on()
            let here = "\(Town.micro.lon),\(Town.micro.lat)"
            let codes = day.locate(Town.micro).map(\.code).joined(separator: ",")
            #expect(codes.split(separator: ",").count == 4)
            let given = [
                "\u{FEFF}\(here)", " \(here)\t", "\(Town.outside.lon),\(Town.outside.lat)", "", "hello", "\(here),", "nan,34", "1e400,34",
                "999,34",
                "+1.136e2;34", String(repeating: "1", count: 1_000_000) + ",34", String(repeating: "x", count: 1_000_000), here,
            ]
            let wanted = [codes, codes] + [String](repeating: "", count: 10) + [codes]
            for end in ["\n", "\r\n"] {
                let bytes = Array(given.joined(separator: end).utf8)
                for piece in [bytes.count, 1 << 18, 7] {
                    var lines = LocateLines(day)
                    for start in stride(from: 0, to: bytes.count, by: piece) { lines.take(bytes[start..<min(bytes.count, start + piece)]) }
                    lines.end()
                    #expect(String(decoding: lines.output, as: UTF8.self) == wanted.joined(separator: "\n") + "\n", "pieces of \(piece)")
                    #expect(String(decoding: lines.errors, as: UTF8.self) == (4...12).map { "\($0)\n" }.joined())
                }
            }
        }
    }
}
