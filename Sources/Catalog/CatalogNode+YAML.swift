import Yams

extension CatalogNode {
    /// Reads one YAML document.
    /// - Throws: `CatalogProblem` with the line of the first mistake in syntax.
    package init(yaml text: String, file: String) throws {
        do {
            guard let node = try compose(yaml: text, .basic) else {
                self.init(file: file, line: 1, at: "", .map([]))
                return
            }
            try self.init(node, file: file, at: "")
        } catch let error as YamlError {
            throw CatalogProblem(error, file: file)
        }
    }

    private init(_ node: Node, file: String, at: String) throws {
        let line = node.mark?.line ?? 1
        switch node {
        case .scalar(let scalar):
            let plain = scalar.style == .plain || scalar.style == .any
            let empty = plain && ["", "~", "null"].contains(scalar.string)
            self.init(file: file, line: line, at: at, empty ? .null : .scalar(scalar.string))
        case .sequence(let sequence):
            let items = try sequence.enumerated().map { index, item in
                try CatalogNode(item, file: file, at: at.isEmpty ? "\(index + 1)" : "\(at).\(index + 1)")
            }
            self.init(file: file, line: line, at: at, .list(items))
        case .mapping(let mapping):
            var entries: [Entry] = []
            var seen: Set<String> = []
            for (key, value) in mapping {
                let keyLine = key.mark?.line ?? line
                guard case .scalar(let scalar) = key else {
                    throw CatalogProblem(file: file, line: keyLine, .syntax, ["why": "a key must be text", "at": at])
                }
                guard seen.insert(scalar.string).inserted else {
                    throw CatalogProblem(file: file, line: keyLine, .duplicateKey, ["name": scalar.string, "at": at.isEmpty ? "/" : at])
                }
                let below = try CatalogNode(value, file: file, at: at.isEmpty ? scalar.string : "\(at).\(scalar.string)")
                entries.append(Entry(key: scalar.string, line: keyLine, value: below))
            }
            self.init(file: file, line: line, at: at, .map(entries))
        case .alias(let alias):
            throw CatalogProblem(file: file, line: line, .syntax, ["why": "alias *\(alias.anchor)", "at": at])
        }
    }
}

extension CatalogProblem {
    fileprivate init(_ error: YamlError, file: String) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            self.init(file: file, line: mark.line, .syntax, ["why": [context?.text, problem].compactMap { $0 }.joined(separator: " ")])
        case .duplicatedKeysInMapping(let duplicates, let context):
            self.init(
                file: file, line: context.mark.line, .duplicateKey,
                ["name": duplicates.map { "\($0)" }.joined(separator: ", "), "at": "/"])
        case .reader(let problem, let offset, _, let yaml):
            let line = yaml.utf8.prefix(offset ?? 0).count { $0 == UInt8(ascii: "\n") } + 1
            self.init(file: file, line: line, .syntax, ["why": problem])
        default:
            self.init(file: file, line: 1, .syntax, ["why": "\(error)"])
        }
    }
}
