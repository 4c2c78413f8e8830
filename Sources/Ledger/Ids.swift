import Basics

/// One row of a register: a building, a compound, a street.
package struct RecordID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}

package struct LinkID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}
