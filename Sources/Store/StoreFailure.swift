package enum StoreFailure: Error, CustomStringConvertible {
    case folderLocked(String)
    /// The database's files are in another folder than this one.
    case otherFolder(String)
    /// Opened for reading only, and nothing is there.
    case noData(String)
    case newerSchema(String)
    case olderSchema(String)
    case notDurable(Int)
    case connection(String)
    case statement(String, state: String)
    case closed
    case readOnly

    package var description: String {
        switch self {
        case .folderLocked(let folder): "the folder \(folder) is in use by another process"
        case .otherFolder(let folder): "the files of this database are not in \(folder); its nodes share one folder"
        case .noData(let folder): "there are no data in \(folder) yet"
        case .newerSchema(let name): "the data were written by a newer version (migration \(name)); install that version"
        case .olderSchema(let name): "the data are of an older version (without migration \(name)); start serve once"
        case .notDurable(let level): "SQLite's writer reports synchronous = \(level), not FULL"
        case .connection(let text): "no connection to the database: \(text)"
        case .statement(let text, let state): "the database refused a statement (\(state)): \(text)"
        case .closed: "the database is closed"
        case .readOnly: "opened for reading only"
        }
    }
}
