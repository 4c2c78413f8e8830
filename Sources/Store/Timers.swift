import Basics

/// Something to happen at an instant: it rings once, then it is gone.
package struct DueTimer: Sendable {
    package let id: UUIDv7
    package let at: Instant
    /// Which mechanism it belongs to: `clock.remind`, `clock.late`, `photo.overdue`…
    package let sort: String
    package let subject: UUIDv7
    package let detail: [String: String]

    package init(id: UUIDv7, at: Instant, sort: String, subject: UUIDv7, detail: [String: String] = [:]) {
        self.id = id
        self.at = at
        self.sort = sort
        self.subject = subject
        self.detail = detail
    }
}

extension Transaction {
    /// Sets a timer; the same id sets it anew.
    ///
    /// NB: one statement for each. One for several makes SQLite keep a way back for that statement, at which FTS5 writes its index out.
    package func schedule(_ timer: DueTimer) throws {
        try run(
            """
            INSERT INTO timer (id, due_at, sort, subject_id, detail)
            VALUES (\(timer.id), \(timer.at), \(timer.sort), \(timer.subject), \(json: timer.detail))
            ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, detail = excluded.detail
            """)
    }

    package func cancelTimers(of subject: UUIDv7, sort: String? = nil) throws {
        if let sort {
            try run("DELETE FROM timer WHERE subject_id = \(subject) AND sort = \(sort)")
        } else {
            try run("DELETE FROM timer WHERE subject_id = \(subject)")
        }
    }

    /// Takes timers that are due, earliest first; whoever takes one is the only one who has it.
    package func takeDueTimers(at now: Instant, limit: Int) throws -> [DueTimer] {
        let due = try all("SELECT id, due_at, sort, subject_id, detail FROM timer WHERE due_at <= \(now) ORDER BY due_at LIMIT \(limit)") {
            DueTimer(
                id: try $0["id"], at: try $0["due_at"], sort: try $0["sort"], subject: try $0["subject_id"], detail: try $0.json("detail"))
        }
        return try due.filter { try run("DELETE FROM timer WHERE id = \($0.id)") > 0 }
    }

    package func nextTimer() throws -> Instant? { try first("SELECT due_at FROM timer ORDER BY due_at LIMIT 1") { try $0[0] } }
}
