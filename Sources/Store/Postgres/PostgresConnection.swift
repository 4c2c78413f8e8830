import Basics
import CPostgres
import Glibc

/// One libpq connection; blocking, so it lives on a thread of its own.
final class PostgresConnection: Connection {
    let handle: OpaquePointer
    private var prepared: [String: String] = [:]

    let dialect = Dialect.postgres

    /// - Throws: `StoreFailure.connection` with libpq's words (never the password).
    init(url: String) throws {
        guard let handle = Self.connect(url) else { throw StoreFailure.connection("out of memory") }
        self.handle = handle
        guard PQstatus(handle) == CONNECTION_OK else { throw StoreFailure.connection(String(cString: PQerrorMessage(handle))) }
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        // The server too gives up a node that is gone without a word: what it had locked would stay locked for two hours. Not every server of
        // this protocol knows all of them.
        // Statements of a page last milliseconds: to compile one first takes longer than to run it.
        for setting in [
            "tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3", "tcp_user_timeout = 20000", "jit = off",
        ] {
            PQclear(PQexec(handle, "SET \(setting)"))
        }
    }

    deinit { PQfinish(handle) }

    /// NB: of settings that are said twice the later one counts, so the address may give its own.
    private static func connect(_ url: String) -> OpaquePointer? {
        // A server that is gone without a word is given up in seconds, not in the quarter of an hour that the system would wait.
        let settings = [
            ("connect_timeout", "5"), ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "20000"), ("dbname", url),
        ]
        let names = settings.map { strdup($0.0) }
        let values = settings.map { strdup($0.1) }
        defer { for text in names + values { free(text) } }
        return PQconnectdbParams(names.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 1)
    }

    var isUsable: Bool { PQstatus(handle) == CONNECTION_OK }
    var socket: Int32 { PQsocket(handle) }

    /// True when a notification had arrived; the answers are thrown away.
    func consumeNotifications() -> Bool {
        PQconsumeInput(handle)
        var any = false
        while let notice = PQnotifies(handle) {
            PQfreemem(notice)
            any = true
        }
        return any
    }

    func query(_ sql: SQL, _ row: (Row) throws -> Bool) throws {
        let result = try execute(sql)
        defer { PQclear(result) }
        let shape = Shape(result)
        for line in 0..<PQntuples(result) where try !row(shape.row(result, line)) { break }
    }

    func stream(_ sql: SQL, _ row: (Row) throws -> Void) throws {
        guard PQsendQuery(handle, sql.text(.postgres)) == 1, PQsetSingleRowMode(handle) == 1 else {
            throw StoreFailure.statement(String(cString: PQerrorMessage(handle)), state: "08000")
        }
        var shape: Shape?
        var failure: (any Error)?
        while let result = PQgetResult(handle) {
            defer { PQclear(result) }
            guard failure == nil else { continue }
            do {
                guard PQresultStatus(result) == PGRES_SINGLE_TUPLE else { try check(result); continue }
                let known = shape ?? Shape(result)
                shape = known
                try row(known.row(result, 0))
            } catch {
                failure = error
                cancel()
            }
        }
        if let failure { throw failure }
    }

    /// Asks the server to give up what it is at.
    private func cancel() {
        let request = PQgetCancel(handle)
        defer { PQfreeCancel(request) }
        var words = [CChar](repeating: 0, count: 256)
        _ = PQcancel(request, &words, 256)
    }

    func run(_ sql: SQL) throws -> Int {
        let result = try execute(sql)
        defer { PQclear(result) }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    func execute(_ text: String) throws {
        let result = PQexec(handle, text)
        defer { PQclear(result) }
        try check(result)
    }

    func lock(_ key: Int64) throws { _ = try run("SELECT pg_advisory_xact_lock(\(key))") }

    private func execute(_ sql: SQL) throws -> OpaquePointer? {
        let text = sql.text(.postgres)
        let values = sql.values
        // NB: types are part of the key, because a statement is prepared for the types of its first use.
        let key = values.isEmpty ? text : text + "\u{1}" + values.map { String(Self.type($0)) }.joined(separator: ",")
        let name: String
        if let known = prepared[key] {
            name = known
        } else {
            if prepared.count > 500 {
                try execute("DEALLOCATE ALL")
                prepared.removeAll()
            }
            name = "p\(prepared.count)"
            let types = values.map { Oid(Self.type($0)) }
            let result = PQprepare(handle, name, text, Int32(types.count), types)
            defer { PQclear(result) }
            try check(result)
            prepared[key] = name
        }
        let texts = values.map(Self.text)
        var pointers: [UnsafePointer<CChar>?] = []
        var owned: [UnsafeMutablePointer<CChar>] = []
        defer { for pointer in owned { pointer.deallocate() } }
        for text in texts {
            guard let text else { pointers.append(nil); continue }
            let bytes = Array(text.utf8)
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
            for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte == 0 ? 0x20 : byte) }
            copy[bytes.count] = 0
            owned.append(copy)
            pointers.append(UnsafePointer(copy))
        }
        let result = PQexecPrepared(handle, name, Int32(values.count), pointers, nil, nil, 0)
        do { try check(result) } catch {
            PQclear(result)
            throw error
        }
        return result
    }

    func check(_ result: OpaquePointer?) throws {
        let status = PQresultStatus(result)
        if status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK { return }
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? "08000"
        let words =
            PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) } ?? String(cString: PQerrorMessage(handle))
        throw StoreFailure.statement(words, state: state)
    }
}
