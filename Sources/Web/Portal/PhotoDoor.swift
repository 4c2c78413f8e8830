import Basics
import Matters
import Posts
import Store

/// Keeps an upload as a photo, or notes that it is none.
struct PhotoDoor {
    let call: Call

    /// - Parameter path: an upload in the scratch folder; gone afterwards.
    /// - Returns: the refusal, when it was not a photo.
    @discardableResult
    func take(_ path: String, as photo: PhotoID, actor: Actor) async throws -> PhotoRefusal? {
        let (house, act) = (call.house, Act(id: photo.uuid.derived("arrived"), at: call.now, actor: actor))
        do {
            let kept = try await PhotoIntake(files: house.database.files).keep(path)
            try await house.database.write { tx in try house.matters.photoArrived(photo, kept, act: act, in: tx) }
            return nil
        } catch let refusal as PhotoRefusal {
            try await house.database.write { tx in try house.matters.photoRefused(photo, act: act, in: tx) }
            return refusal
        }
    }
}
