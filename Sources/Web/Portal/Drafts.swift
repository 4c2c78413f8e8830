import Basics
import Foundation
import Matters
import Store

/// Photos that came with a form that was not yet a report (a tap on the map without JavaScript): they wait an hour beside the other
/// uploads, named by the report's id, which the server made.
struct Drafts {
    let folder: String
    private static let most = 6

    init(_ house: House) { folder = house.scratch }

    private func name(_ report: ReportID, _ index: Int) -> String { "\(folder)/draft-\(report)-\(index)" }

    /// Paths of what waits for this report.
    func paths(_ report: ReportID) -> [String] {
        (0..<Self.most).map { name(report, $0) }.filter { FileManager.default.fileExists(atPath: $0) }
    }

    func keep(_ files: [Form.File], for report: ReportID) {
        var next = paths(report).count
        for file in files where next < Self.most {
            try? FileManager.default.moveItem(atPath: file.path, toPath: name(report, next))
            next += 1
        }
    }
}
