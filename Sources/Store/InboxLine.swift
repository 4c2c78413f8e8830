import Basics

/// One thing that somebody was told, to be read where they look: the key of its sentence and what stands in it.
package struct InboxLine: Sendable {
    package let id: UUIDv7
    /// `report`, `post` or `person`.
    package let owner: String
    package let ownerID: UUIDv7
    package let matter: UUIDv7
    package let key: String
    package let parameters: [String: String]
    package let at: Instant

    package init(id: UUIDv7, owner: String, ownerID: UUIDv7, matter: UUIDv7, key: String, parameters: [String: String], at: Instant) {
        self.id = id
        self.owner = owner
        self.ownerID = ownerID
        self.matter = matter
        self.key = key
        self.parameters = parameters
        self.at = at
    }
}

extension Transaction {
    /// Keeps the line; the same id a second time changes nothing.
    package func put(_ line: InboxLine) throws {
        try run(
            """
            INSERT INTO inbox (id, owner, owner_id, matter_id, key, parameters, at)
            VALUES (\(line.id), \(line.owner), \(line.ownerID), \(line.matter), \(line.key), \(json: line.parameters), \(line.at))
            ON CONFLICT (id) DO NOTHING
            """)
    }
}
