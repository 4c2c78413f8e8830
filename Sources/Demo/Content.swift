import Basics
import Foundation
import Yams

/// What the demo is made of, read from `examples/demo`: no id of the catalog and no sentence stands in the source.
package struct DemoContent: Sendable {
    struct Subdistrict: Decodable, Sendable {
        let name: String
        let communities: [String]
        let thirds: Int
        let micros: Int
        let dedicated: [String: Int]?
    }

    struct Units: Decodable, Sendable {
        struct One: Decodable, Sendable {
            let `class`: String
            let name: String
        }
        struct Many: Decodable, Sendable {
            let `class`: String
            let names: [String]
        }
        let subdistrict: One
        let groups: Many
        let community: One
    }

    struct Departments: Decodable, Sendable {
        let `class`: String
        let at: String
        let list: [String: String]
    }

    struct Roles: Decodable, Sendable {
        let micro, third, officer, secretary, subdistrict, department, building, administrator: String
    }

    /// Actions and limits of the kind, by what they do.
    struct Actions: Decodable, Sendable {
        let take, spot, finish, up, ask, sign_in, answer, confirm, deny, rate, rate_answer, merge, close, supervise, set_milestones,
            reach_milestone: String
    }

    struct Limits: Decodable, Sendable {
        let accept, finish, sign_in, confirm: String
    }

    /// Elements of the registers.
    struct Elements: Decodable, Sendable {
        let address, floors, households, built_year, management, buildings, length: String
        var all: [String] { [address, floors, households, built_year, management, buildings, length] }
    }

    /// Somebody to sign in as.
    package struct Person: Decodable, Sendable {
        package let role: String
        package let account: String
        package let password: String
        let name: String
        let third: Int?
        let micro: Int?
        let department: String?
    }

    struct City: Decodable, Sendable {
        let district, code: String
        let levels: [String]
        let streets, compounds, buildings, building_link, kind: String
        let subdistricts: [Subdistrict]
        let elements: Elements
        let managements: [String]
        let natures: [String: [String]]
        let first_streets, edge_streets: [String]
        let stem_first, stem_second, first_compound: String
        let compounds_end: [String]
        let surnames, given_first, given_second: String
        let units: Units
        let departments: Departments
        let roles: Roles
        let actions: Actions
        let limits: Limits
        let people: [Person]
    }

    /// One sort of trouble: how often it comes, where, in which words.
    struct Trouble: Decodable, Sendable {
        enum Site: String, Decodable, Sendable { case street, compound, both }
        let id: String
        let weight: Double
        let at: Site
        /// Share fixed on the spot, and share handed to a department.
        let spot, pass: Double
        let photo, after: String?
        let words, done: [String]
    }

    struct Steps: Decodable, Sendable {
        let pass, whistle, take, rated, again, not_ours, not_solved: [String]
        /// The steps of a long-term matter, several ways.
        let milestones: [[String]]
    }

    struct Words: Decodable, Sendable {
        let tails: [String]
        let categories: [Trouble]
        let steps: Steps
    }

    let city: City
    let words: Words
    /// Pictures by name: `rubbish` has `rubbish.jpg`, `rubbish-2.jpg`…
    let pictures: [String: [String]]
    /// The demo's last day, on which it is looked at.
    package let day: Day

    /// - Parameters:
    ///   - home: the folder that holds `examples/`.
    ///   - day: the last of the demo's year.
    /// - Throws: `DemoFailure.content` naming what is wrong.
    package init(home: String, day: Day) throws {
        let folder = home + "/examples/demo"
        city = try Self.read(folder + "/city.yaml")
        words = try Self.read(folder + "/words.yaml")
        guard city.levels.count == 4 else { throw DemoFailure.content("city.yaml: levels") }
        self.day = day
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/photos")) ?? []).filter { $0.hasSuffix(".jpg") }
            .sorted()
        pictures = Dictionary(grouping: names.map { folder + "/photos/" + $0 }) { path in
            String((path.split(separator: "/").last ?? "").prefix { $0 != "-" && $0 != "." })
        }
    }

    private static func read<T: Decodable>(_ path: String) throws -> T {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw DemoFailure.content("\(path) cannot be read") }
        do { return try YAMLDecoder().decode(T.self, from: text) } catch { throw DemoFailure.content("\(path): \(error)") }
    }
}
