import Basics

/// A body that can hold work: office, department, group, partner…
package struct UnitID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}

/// A seat at a grid, a unit or a place. Work belongs to it, never to a person.
package struct PostID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}

package struct PersonID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}

/// One person on one post from instant to instant.
package struct HoldingID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}

package struct RemitID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}

/// A request for a second person's yes.
package struct ConsentID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}

/// A capability link.
package struct PassID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}

/// A program with an api key.
package struct ClientID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}

/// A role of `catalog/roles`.
package typealias RoleID = String
