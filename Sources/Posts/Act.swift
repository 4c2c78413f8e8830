import Basics
import Crypto
import Foundation
import Store

/// One command: who did it, when, as which post. A retried command has the same id and is the same act.
package struct Act: Sendable {
    /// Made by the client where it can be.
    package let id: UUIDv7
    package let at: Instant
    package let actor: Actor
    /// The post acted as, if any; the engine fills the one that allowed it when the door names none.
    package let post: PostID?

    package init(id: UUIDv7, at: Instant, actor: Actor, post: PostID? = nil) {
        self.id = id
        self.at = at
        self.actor = actor
        self.post = post
    }

    /// An act of the platform itself.
    package static func system(_ name: String, id: UUIDv7, at: Instant) -> Act { Act(id: id, at: at, actor: .system(name)) }

    package func acting(as post: PostID?) -> Act { Act(id: id, at: at, actor: actor, post: post) }

    /// An id that follows from this act and a label: ids inside a write are derived, never made, so that a second run is the same.
    package func derived(_ label: String) -> UUIDv7 { id.derived(label) }

    /// A journal entry of this act; its id follows from the verb and the subject, so a retry writes nothing.
    package func entry(
        _ verb: String, subject: String, id subjectID: UUIDv7, path: Path, post: PostID? = nil, detail: [String: String] = [:]
    ) -> Entry {
        Entry(
            id: derived("\(verb) \(subjectID)"), at: at, actor: actor.entryActor, post: (post ?? self.post)?.uuid, subject: subject,
            subjectID: subjectID, verb: verb, path: path, detail: detail)
    }
}

extension UUIDv7 {
    /// SHA-256 of these bytes and the label, with this id's time in front so that it sorts near it.
    package func derived(_ label: String) -> UUIDv7 {
        // NB: some ten times for each act, so without an array in between.
        var hash = SHA256()
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { hash.update(bufferPointer: $0) }
        var label = label
        label.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return hash.finalize().withUnsafeBytes { digest in
            func word(_ start: Int) -> UInt64 { UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: start, as: UInt64.self)) }
            return UUIDv7(
                high: high & 0xFFFF_FFFF_FFFF_0000 | 0x7000 | word(0) & 0xFFF,
                low: word(8) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
        }
    }
}
