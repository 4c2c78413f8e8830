import Testing

/// Whatever can be set is said where it is looked for.
@Suite struct Settings {
    @Test("every environment variable is in README.md")
    func environment() throws {
        let readme = try Tree.text("README.md")
        for file in try Tree.sources() {
            for match in file.text.matches(of: #/WEIWANG_[A-Z_]+/#) {
                #expect(readme.contains(match.output), "\(match.output) of \(file.path)")
            }
        }
    }

    @Test("every option explains itself")
    func options() throws {
        var count = 0
        for file in try Tree.sources() where file.target == "weiwang" {
            for match in file.text.matches(of: #/@(?:Option|Flag|Argument)\b([^@]*?)\bvar\b/#.dotMatchesNewlines()) {
                count += 1
                #expect(match.1.contains("help:") || match.1.contains("ArgumentHelp("), "\(file.path): \(match.1)")
            }
        }
        #expect(count > 20)
    }

    @Test("every command is in README.md and says what it does")
    func commands() throws {
        let readme = try Tree.text("README.md")
        let sources = try Tree.sources().filter { $0.target == "weiwang" }
        let top = try Tree.text("Sources/weiwang/Weiwang.swift")
        let listed = top.matches(of: #/(\w+)\.self/#).map { String($0.1) }
        #expect(listed.count >= 9)
        for name in listed {
            let file = try #require(sources.first { $0.text.contains("struct \(name): ") }, "\(name)")
            let body = file.text[(file.text.firstRange(of: "struct \(name): ")?.lowerBound ?? file.text.startIndex)...]
            let configuration = body.prefix(700)
            #expect(configuration.contains("abstract:"), "\(name)")
            let said = configuration.firstMatch(of: #/commandName: "([\w-]+)"/#).map { String($0.1) } ?? name.lowercased()
            #expect(readme.contains("weiwang \(said)"), "weiwang \(said)")
        }
    }

    @Test("every make target is in its help")
    func make() throws {
        let makefile = try Tree.text("Makefile")
        for target in ["run", "test", "build", "format", "lint", "bench", "soak", "proof-data", "help"] {
            #expect(makefile.contains("\n\(target):") || makefile.hasPrefix("\(target):"), "make \(target)")
        }
    }
}
