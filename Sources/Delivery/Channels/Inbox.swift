import Store

/// Told where people look anyway: on the reporter's private link, on the desk, on the phone.
package struct Inbox: Channel {
    package init() {}

    package func tell(_ notice: Notice, in tx: Transaction) throws {
        try tx.run(
            """
            INSERT INTO inbox (id, owner, owner_id, matter_id, key, parameters, at)
            VALUES (\(notice.id), \(notice.owner.sort), \(notice.owner.id), \(notice.matter), \(notice.key), \(json: notice.parameters), \(notice.at))
            ON CONFLICT (id) DO NOTHING
            """)
    }
}
