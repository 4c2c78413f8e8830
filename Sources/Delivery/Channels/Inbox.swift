import Basics
import Matters
import Store

/// Told where people look anyway: on the reporter's private link, on the desk, on the phone.
package struct Inbox: Channel {
    package init() {}

    package func tell(_ notice: Notice, in tx: Transaction) throws {
        try tx.put(
            InboxLine(
                id: notice.id, owner: notice.owner.sort, ownerID: notice.owner.id, matter: notice.matter.uuid, key: notice.key,
                parameters: notice.parameters, at: notice.at))
    }
}
