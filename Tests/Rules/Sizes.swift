import Testing

@Suite struct Sizes {
    @Test("no file is longer than 500 lines; those over 150 are counted")
    func files() throws {
        var files = try Tree.sources() + Tree.files("Tests", ".swift", ".py")
        files += try Tree.files("assets", ".css", ".js") + Tree.files("templates", ".mustache") + Tree.files("strings", ".yaml")
        var long: [(String, Int)] = []
        for file in files where !file.path.contains("/vendor/") {
            let count = file.lines.count - 1
            #expect(count <= 500, "\(file.path) has \(count) lines")
            if count > 150 { long.append((file.path, count)) }
            if file.path.hasPrefix("assets/js/") { #expect(count <= 150, "\(file.path): one behaviour a module") }
            if file.path.hasPrefix("Sources/Web/") { #expect(count <= 250, "\(file.path): a page has grown into several") }
        }
        print("files over 150 lines: \(long.count) of \(files.count)")
        #expect(long.count * 8 < files.count)
    }

    @Test("lines are at most 140 wide in code, but for literals that cannot be cut")
    func width() throws {
        let wide = try Tree.sources().flatMap { file in
            file.lines.enumerated().filter { $0.element.count > 160 && !$0.element.contains("\"") }.map { "\(file.path):\($0.offset + 1)" }
        }
        #expect(wide == [])
    }
}
