import Store

extension Transaction {
    /// Where each matter stands that is still worked on or waits for its reporter; nothing else of it is read.
    package func eachOpenMatter(_ body: (MatterID, Path) throws -> Void) throws {
        try each("SELECT id, path_now FROM matter WHERE state = \(Matter.State.open) OR state = \(Matter.State.done)") { row in
            try body(try row["id"], try row["path_now"])
        }
    }
}
