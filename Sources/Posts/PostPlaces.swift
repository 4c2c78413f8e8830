import Basics
import Store

extension Transaction {
    /// Where each post stands, and whether its end is known.
    package func eachPost(_ body: (PostID, Path, _ isOver: Bool) throws -> Void) throws {
        try each("SELECT id, path_now, to_day FROM post") { row in
            let end: Day = try row["to_day"]
            try body(try row["id"], try row["path_now"], end < .end)
        }
    }
}
