import Basics
import Catalog
import Foundation
import Matters

/// Reads one export from disk, rows at a time; bad lines go to a file with line number and reason.
struct ImportReading {
    private(set) var lines: ImportLines
    /// Good lines so far.
    private(set) var count = 0
    private(set) var bad = 0

    private var reader: CSVReader
    private let header: [String]
    private let bytes: Int
    private let badFile: String
    private var badHandle: FileHandle?
    private let strings: Strings
    private var seen: Set<String> = []

    /// - Throws: `CatalogProblem` when the map names a column that the file lacks.
    init(file: String, map: ImportMap, badLines: String, strings: Strings) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue,
            let handle = FileHandle(forReadingAtPath: file)
        else { throw ImportRefusal.fileMissing(file) }
        bytes = Int(try handle.seekToEnd())
        try handle.seek(toOffset: 0)
        var pieces = DecodedPieces(encoding: try map.encoding ?? Self.guessed(handle)) { try handle.read(upToCount: 1 << 18) ?? Data() }
        reader = CSVReader(separator: map.separator) { try pieces.next() }
        guard let first = try reader.next() else { throw ImportRefusal.fileEmpty(file) }
        if let fault = first.fault { throw ImportRefusal.unreadable(fault) }
        header = first.fields
        reader.columns = header.count
        lines = try ImportLines(map: map, header: header)
        badFile = badLines
        self.strings = strings
    }

    var percent: Int { bytes == 0 ? 100 : min(100, reader.bytesRead * 100 / bytes) }

    /// By the header alone: one bad line further down says nothing of the file. Offices still write GBK.
    private static func guessed(_ handle: FileHandle) throws -> TextEncoding {
        let head = try handle.read(upToCount: 1 << 16) ?? Data()
        try handle.seek(toOffset: 0)
        return TextEncoding.guessed(Data(head.prefix { $0 != 10 && $0 != 13 })) ?? .utf8
    }

    /// The next good rows; nil at the end of the file. A number that the file gives twice comes once.
    mutating func next(_ wanted: Int) throws -> [ImportedMatter]? {
        var rows: [ImportedMatter] = []
        rows.reserveCapacity(wanted)
        while rows.count < wanted, let record = try reader.next() {
            do {
                let matter = try lines.matter(record)
                count += 1
                if seen.insert(matter.sourceNumber).inserted { rows.append(matter) }
            } catch let refusal as ImportRefusal {
                try note(record, refusal)
            }
        }
        return rows.isEmpty ? nil : rows
    }

    private mutating func note(_ record: CSVRecord, _ refusal: ImportRefusal) throws {
        bad += 1
        let handle = try badHandle ?? openBadFile()
        badHandle = handle
        let reason = strings.text("refusal." + refusal.key, Terminal.language, refusal.values)
        let rest = record.fault == nil ? record.fields : [record.raw]
        try handle.write(contentsOf: Data(CSVText.line([String(record.line), reason] + rest).utf8))
    }

    private func openBadFile() throws -> FileHandle {
        let url = URL(fileURLWithPath: badFile)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(CSVText.line(["line", "reason"] + header).utf8).write(to: url)
        let handle = try FileHandle(forWritingTo: url)
        try handle.seekToEnd()
        return handle
    }

    /// Closes the file of bad lines; one left by an earlier run goes when there is no bad line any more.
    mutating func finish() throws {
        try badHandle?.close()
        if bad == 0, FileManager.default.fileExists(atPath: badFile) { try FileManager.default.removeItem(atPath: badFile) }
    }
}
