import Basics
import Hummingbird

/// What the people of the grids see and do on their phones.
enum Field {
    static func declare(_ routes: inout Routes) {
    }
}
