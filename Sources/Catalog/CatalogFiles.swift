import Foundation

/// The text of every catalog and strings file, by its path below the home: `catalog/kinds/report.yaml`, `strings/page.yaml`.
///
/// The engines never read a disk: they are given this value, loaded from a folder or from a row of the database.
package struct CatalogFiles: Sendable, Equatable {
    package var texts: [String: String]

    package init(_ texts: [String: String]) { self.texts = texts }

    /// Reads `catalog/**/*.yaml` and `strings/**/*.yaml` below a home folder.
    /// - Throws: `CatalogBroken` naming a file that cannot be read or is not UTF-8, or a home without a catalog.
    package static func load(home: String) throws -> CatalogFiles {
        var texts: [String: String] = [:]
        var problems: [CatalogProblem] = []
        let root = URL(fileURLWithPath: home, isDirectory: true)
        for folder in ["catalog", "strings"] {
            let base = root.appendingPathComponent(folder, isDirectory: true)
            guard let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil) else { continue }
            for case let url as URL in walk where url.pathExtension == "yaml" {
                let below = url.standardizedFileURL.path.dropFirst(base.standardizedFileURL.path.count + 1)
                let path = "\(folder)/\(below)"
                do {
                    let data = try Data(contentsOf: url)
                    if let text = String(validating: data, as: UTF8.self) {
                        texts[path] = text
                    } else {
                        problems.append(CatalogProblem(file: path, line: 1, .notUTF8))
                    }
                } catch {
                    problems.append(CatalogProblem(file: path, line: 1, .unreadable, ["why": error.localizedDescription]))
                }
            }
        }
        if texts.isEmpty, problems.isEmpty { problems.append(CatalogProblem(file: "catalog", line: 1, .noCatalog, ["home": home])) }
        if !problems.isEmpty { throw CatalogBroken(problems) }
        return CatalogFiles(texts)
    }

    /// Time and size of every file, to see cheaply whether any changed.
    package static func stamps(home: String) -> [String: FileStamp] {
        var stamps: [String: FileStamp] = [:]
        let root = URL(fileURLWithPath: home, isDirectory: true)
        for folder in ["catalog", "strings"] {
            let base = root.appendingPathComponent(folder, isDirectory: true)
            let keys: Set<URLResourceKey> = [.contentModificationDateKey, .fileSizeKey]
            guard let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: Array(keys)) else { continue }
            for case let url as URL in walk where url.pathExtension == "yaml" {
                let values = try? url.resourceValues(forKeys: keys)
                stamps[url.path] = FileStamp(changed: values?.contentModificationDate, bytes: values?.fileSize)
            }
        }
        return stamps
    }

    package struct FileStamp: Equatable, Sendable {
        let changed: Date?
        let bytes: Int?
    }

    /// The folder that holds `catalog/`: `WEIWANG_HOME`, or the first one upward from the executable's own path that has it.
    package static func home(
        environment: [String: String] = ProcessInfo.processInfo.environment, executable: String? = Bundle.main.executablePath
    ) -> String? {
        if let home = environment["WEIWANG_HOME"], !home.isEmpty { return home }
        guard let executable else { return nil }
        var folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/" {
            if FileManager.default.fileExists(atPath: folder.appendingPathComponent("catalog/platform.yaml").path) { return folder.path }
            folder.deleteLastPathComponent()
        }
        return nil
    }

    /// Paths below a folder (`catalog/kinds`), in byte order.
    package func paths(in folder: String) -> [String] { texts.keys.filter { $0.hasPrefix(folder + "/") }.sorted() }
}
