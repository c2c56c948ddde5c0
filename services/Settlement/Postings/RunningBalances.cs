using CarbonMarket.Kernel;

namespace CarbonMarket.Settlement.Postings;

/// <summary>What is counted apart: one asset and vintage on one account.</summary>
/// <param name="Vintage">Null for cash.</param>
public readonly record struct Position(Guid AccountId, string Asset, ComplianceYear? Vintage);

/// <summary>What accounts have while postings are written.</summary>
public sealed class RunningBalances
{
    private readonly Dictionary<Position, long> _ofVintage = [];
    private readonly Dictionary<(Guid AccountId, string Asset), long> _ofAsset = [];

    public IReadOnlyDictionary<Position, long> All => _ofVintage;

    public void Load(Position position, long balance) => Change(position, balance);

    /// <returns>What the account has after it, of the vintage and of the asset.</returns>
    public (long OfVintage, long OfAsset) Change(Position position, long change)
    {
        var ofVintage = _ofVintage[position] = checked(_ofVintage.GetValueOrDefault(position) + change);
        var ofAsset = _ofAsset[(position.AccountId, position.Asset)] =
            checked(_ofAsset.GetValueOrDefault((position.AccountId, position.Asset)) + change);
        return (ofVintage, ofAsset);
    }
}
