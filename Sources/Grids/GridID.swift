import Basics

/// A grid's identity, for life; its path and its shape have dates.
package struct GridID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}
