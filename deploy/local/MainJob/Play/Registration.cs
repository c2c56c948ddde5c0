using CarbonMarket.MainJob.Display;
using CarbonMarket.MainJob.Gateway;

namespace CarbonMarket.MainJob.Play;

/// <summary>Brings everybody into the market: organisations, API clients, accounts, covered entities.</summary>
public sealed class Registration(Scene scene, LegalClock clock)
{
    private const int Phases = 4;

    public async Task Play(IBoard board, DateTimeOffset opening, CancellationToken stopping)
    {
        var chapter = board.Chapter("Registration", Phases);
        await clock.Set(opening, stopping);
        await RegisterParticipants(chapter, stopping);
        await RegisterClients(chapter, stopping);
        await OpenAccounts(chapter, stopping);
        await CoverEntities(chapter, stopping);
        chapter.End();
    }

    private async Task RegisterParticipants(IChapter chapter, CancellationToken stopping)
    {
        var all = scene.Cast.Everybody.ToList();
        chapter.Begin("organisations", all.Count);
        await scene.Market.PostBatches(scene.Cast.FirstOperator, "identity/participants/batch",
            all.Select(member => new NewParticipant(member.ParticipantId, member.Name, member.Kind)), chapter.Step, stopping);
        chapter.Note($"{all.Count}");
    }

    private async Task RegisterClients(IChapter chapter, CancellationToken stopping)
    {
        var clients = scene.Cast.Everybody.Select(member => ClientOf(member, member.Client)).ToList();
        clients.Add(ClientOf(scene.Cast.Regulator, scene.Cast.SecondOfficial));
        chapter.Begin("API clients", clients.Count);
        await scene.Market.AdmitClients(
            scene.Cast.FirstOperator, scene.Cast.Regulator.Client, clients, chapter.Step, stopping);
        chapter.Note($"{clients.Count}");
    }

    private NewClient ClientOf(Member member, ApiClient client) => new(
        scene.Ids.For("client", client.ClientId), member.ParticipantId, client.ClientId, client.SecretDigest,
        $"{member.Name}, main job", [member.Kind]);

    private async Task OpenAccounts(IChapter chapter, CancellationToken stopping)
    {
        var accounts = scene.Cast.Operators.Append(scene.Cast.Auctioneer).SelectMany(member => new[]
        {
            new NewAccount(member.HoldingAccountId, member.ParticipantId, "operator-holding"),
            new NewAccount(member.TradingAccountId, member.ParticipantId, "trading"),
        }).ToList();
        chapter.Begin("accounts", accounts.Count);
        await scene.Market.PostBatches(
            scene.Cast.Regulator.Client, Scene.Settlement("accounts/batch"), accounts, chapter.Step, stopping);
        chapter.Note($"{accounts.Count}");
    }

    private async Task CoverEntities(IChapter chapter, CancellationToken stopping)
    {
        var operators = scene.Extract.Operators.Where(row => !(row.LastYear < scene.Extract.FirstYear)).ToList();
        chapter.Begin("covered entities", operators.Count);
        // What lies before the file's first year is not in it, so an operator's account begins with the file. A last year
        // after the file's is still to come when the file ends: until then the operator goes on like any other.
        await scene.Market.PostBatches(scene.Cast.Regulator.Client, Scene.Allocation("covered-entities/batch"),
            operators.Select(row => new NewCoveredEntity(scene.Cast.Operator(row.Id).ParticipantId,
                Math.Max(row.FirstYear, scene.Extract.FirstYear),
                row.LastYear > scene.Extract.LastYear ? null : row.LastYear)),
            chapter.Step, stopping);
        await scene.Waiting.Until("the ledger to know every covered entity", async () =>
        {
            var known = await scene.Market.List<ComplianceEntry>(
                scene.Cast.Regulator.Client, Scene.Settlement("compliance"), stopping);
            return known.Count >= operators.Count ? null : $"It knows {known.Count} of {operators.Count}.";
        }, stopping);
        chapter.Note($"{operators.Count}");
    }
}
