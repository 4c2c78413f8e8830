import Basics
import CPostgres

// Many rows at once go by COPY, as text: what a column makes of a value is then the same as in a statement, and the server works on what
// came while the next rows are written.

extension PostgresConnection {
    private static let piece = 1 << 16

    func insert(_ rows: BulkRows) throws {
        guard rows.count > 0 else { return }
        let begun = PQexec(handle, "COPY \(rows.table) (\(rows.columns.joined(separator: ", "))) FROM STDIN")
        defer { PQclear(begun) }
        guard PQresultStatus(begun) == PGRES_COPY_IN else { return try check(begun) }
        var text = CopyText()
        var isTaken = true
        for start in stride(from: 0, to: rows.values.count, by: rows.columns.count) where isTaken {
            text.add(rows.values[start..<start + rows.columns.count])
            if text.bytes.count >= Self.piece {
                isTaken = send(text.bytes)
                text.bytes.removeAll(keepingCapacity: true)
            }
        }
        if isTaken { isTaken = send(text.bytes) && PQputCopyEnd(handle, nil) == 1 }
        // What was wrong with a row is said at the end. NB: the connection takes nothing else before its last answer was fetched.
        var failure: (any Error)?
        while let result = PQgetResult(handle) {
            defer { PQclear(result) }
            do { try check(result) } catch { failure = failure ?? error }
            if PQstatus(handle) != CONNECTION_OK { break }
        }
        if let failure { throw failure }
        guard isTaken else { throw StoreFailure.statement(String(cString: PQerrorMessage(handle)), state: "08000") }
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            PQputCopyData(handle, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count)) == 1
        }
    }
}

/// Rows as COPY reads them: values between tabs, `\N` for NULL, a line each.
private struct CopyText {
    var bytes: [UInt8] = []

    mutating func add(_ row: ArraySlice<SQLValue>) {
        for (index, value) in row.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: "\t")) }
            switch value {
            case .null: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "N")]
            case .bool(let flag): bytes.append(UInt8(ascii: flag ? "t" : "f"))
            case .int(let number): bytes += String(number).utf8
            case .double(let number): bytes += String(number).utf8
            case .id(let id):
                hex(id.high, 16)
                hex(id.low, 16)
            case .bytes(let value):
                bytes += "\\\\x".utf8
                for byte in value { hex(UInt64(byte), 2) }
            case .text(let words): add(words)
            }
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func add(_ words: String) {
        for byte in words.utf8 {
            switch byte {
            // PostgreSQL keeps no NUL.
            case 0: bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "\t"): bytes += "\\t".utf8
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            case UInt8(ascii: "\r"): bytes += "\\r".utf8
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            default: bytes.append(byte)
            }
        }
    }

    private mutating func hex(_ number: UInt64, _ digits: Int) {
        for place in (0..<digits).reversed() {
            let digit = UInt8(number >> (4 * UInt64(place)) & 15)
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
