/// Schemas for tests and for a first look; nothing of the product's own.
package enum Scratch {
    /// - Parameter schema: letters and digits.
    package static func makeSchema(_ schema: String, url: String) throws {
        try PostgresConnection(url: url).execute("CREATE SCHEMA \"\(schema)\"")
    }
}
