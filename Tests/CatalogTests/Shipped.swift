import Catalog
import Foundation

/// The catalog as it ships, read once.
enum Shipped {
    static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path

    static let files = Result { try CatalogFiles.load(home: home) }
    static let loaded = Result { try Catalog(files.get()) }

    static var catalog: Catalog { get throws { try loaded.get() } }

    /// The shipped files with one of them changed.
    static func changed(_ path: String, _ change: (String) -> String) throws -> CatalogFiles {
        var files = try files.get()
        files.texts[path] = change(files.texts[path] ?? "")
        return files
    }
}
