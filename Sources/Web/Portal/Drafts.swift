import Basics
import Foundation
import Matters
import Store

/// Photos that came with a form that was not yet a report (a tap on the map without JavaScript, something else refused): they wait an
/// hour beside the other uploads, named by the report's id, which the server made and nobody else knows.
struct Drafts {
    let folder: String
    private static let most = 6

    init(_ house: House) { folder = house.scratch }

    private func name(_ report: ReportID, _ index: Int) -> String { "\(folder)/draft-\(report)-\(index)" }

    /// Paths of what waits for this report.
    func paths(_ report: ReportID) -> [String] {
        (0..<Self.most).map { name(report, $0) }.filter { FileManager.default.fileExists(atPath: $0) }
    }

    /// Those that wait, to be shown in the form again: each with its place, and whether it is a photo by its first bytes.
    func waiting(_ report: ReportID) -> [(index: Int, isPhoto: Bool)] {
        (0..<Self.most).compactMap { index in type(report, index).map { (index, $0 != Self.unknown) } }
    }

    /// What kind of picture waits there; nil when none does.
    private func type(_ report: ReportID, _ index: Int) -> String? {
        guard let handle = FileHandle(forReadingAtPath: name(report, index)) else { return nil }
        defer { try? handle.close() }
        let head = Array((try? handle.read(upToCount: 16)) ?? Data())
        guard PhotoIntake.isPhoto(head) else { return Self.unknown }
        return head[0] == 0xFF ? "image/jpeg" : head[0] == 0x89 ? "image/png" : head[0] == UInt8(ascii: "R") ? "image/webp" : "image/heic"
    }

    private static let unknown = "application/octet-stream"

    /// The bytes as they came, for the form they came with.
    func picture(_ report: ReportID, _ index: Int) -> (type: String, bytes: Data)? {
        guard (0..<Self.most).contains(index), let type = type(report, index), type != Self.unknown,
            let bytes = FileManager.default.contents(atPath: name(report, index))
        else { return nil }
        return (type, bytes)
    }

    /// The reader took another one instead.
    func drop(_ report: ReportID, _ index: Int) {
        guard (0..<Self.most).contains(index) else { return }
        try? FileManager.default.removeItem(atPath: name(report, index))
    }

    func keep(_ files: [Form.File], for report: ReportID) {
        var free = (0..<Self.most).filter { !FileManager.default.fileExists(atPath: name(report, $0)) }[...]
        for file in files {
            guard let place = free.popFirst() else { return }
            try? FileManager.default.moveItem(atPath: file.path, toPath: name(report, place))
        }
    }
}
