using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CarbonMarket.Kernel;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.Testing;

namespace CarbonMarket.EndToEnd;

/// <summary>Everybody who has to do with the plant's year 2025, and what each of them does.</summary>
internal sealed class PlantMarket
{
    private const string Allocation = "allocation/markets/gansu";
    private const string Verification = "verification/markets/gansu";
    private const string Settlement = "settlement/markets/gansu";
    private const string Instrument = "CEA-2025";
    private static readonly CancellationToken Stopping = TestContext.Current.CancellationToken;

    private static readonly HashSet<string> Milestones =
    [
        "report.filed", "engagement.finding-raised", "engagement.finding-answered", "engagement.finding-concluded", "report.statement-given", "report.accepted",
        "report.result-told", "report.objection-filed", "report.objection-decided", "report.reopened", "plan.computed", "plan.approved", "ledger.units-allocated",
        "ledger.allocation-reduced", "ledger.debt-settled",
    ];

    private readonly MarketClient _gateway;
    private readonly HttpClient _http;
    private readonly Tokens _tokens;
    private readonly ApiClient _verifier;
    private readonly Guid _bureau = Guid.CreateVersion7();
    private readonly Guid _provincialAccount = DeterministicGuid.From("settlement:gansu:provincial");
    private readonly Guid _unit = Guid.CreateVersion7();
    private readonly Guid _report = Guid.CreateVersion7();
    private readonly Guid _finding = Guid.CreateVersion7();
    private readonly Guid _objection = Guid.CreateVersion7();
    private string _engagement = "";
    private string _certificate = "";

    private PlantMarket(TestMarket market, Firm plant, MarketClient gateway, HttpClient http, Tokens tokens, ApiClient verifier) =>
        (Market, Plant, _gateway, _http, _tokens, _verifier) = (market, plant, gateway, http, tokens, verifier);

    public TestMarket Market { get; }

    private Firm Plant { get; }

    private string Report => $"{Verification}/reports/{_report}";

    public static async Task<PlantMarket> Open(MarketClient gateway, HttpClient http, Tokens tokens, LocalSystem system)
    {
        var market = new TestMarket(gateway, system);
        await market.SetClock(TestMarket.At(await market.NextTuesday(), 10, 0));
        var plant = (await market.Register(1))[0];
        var year = new PlantMarket(market, plant, gateway, http, tokens, ApiClient.DerivedFrom(system.Operator, $"verifier-{Guid.CreateVersion7():N}"));
        await gateway.PostBatches(system.Operator, "identity/participants/batch",
            [new NewParticipant(year._bureau, "Bureau of a test", "verifier")], _ => { }, Stopping);
        await market.Admit(TestMarket.Client(year._bureau, year._verifier, "verifier"));
        return year;
    }

    public static object Figure(decimal value, string unit) => new { value, unit };

    public static object Activity(decimal generation) =>
        new { generation = Figure(generation, "MWh"), heat = Figure(400_000, "GJ"), loadFactor = Figure(60, "%") };

    public async Task CoverThePlant()
    {
        await Post(Market.Regulator, $"{Allocation}/covered-entities/batch", new { participantId = Plant.ParticipantId, firstYear = 2025 });
        await Post(Market.Regulator, $"{Allocation}/locations/batch", new { participantId = Plant.ParticipantId, fromYear = 2025, division = "620400" });
        await Post(Market.Regulator, $"{Allocation}/installations/batch", new { installationId = _unit, participantId = Plant.ParticipantId, name = "Unit 1", firstYear = 2015 });
        await Post(Market.Regulator, $"{Allocation}/installations/classifications/batch",
            new { installationId = _unit, fromYear = 2021, categories = new[] { "coal-conventional-to-300mw" } });
    }

    /// <summary>Repeated until Verification has heard that the plant is covered.</summary>
    public Task PlanMeasuring() => Eventually.Holds("the plant may plan", async () =>
    {
        await _gateway.Put(Plant.Client, $"{Verification}/plans/2025", new
        {
            meters = new[] { new { code = "M1", name = "Belt scale", accuracyPercent = 0.5m, calibrationMonths = 12 } },
            streams = new[] { new { code = "S1", name = "Boiler", method = "combustion-ncv", scope = new { fuel = "bituminous" } } },
            inputs = new[] { Input("quantity", "measured", "M1"), Input("ncv", "measured"), Input("carbonPerEnergy", "default"), Input("oxidationRate", "default") },
        }, Stopping);
        return true;

        static object Input(string input, string basis, string? meter = null) => new { stream = "S1", input, basis, meter, procedure = "As the guideline says." };
    });

    /// <summary>The belt scale is within its class all the year, and every month shows it.</summary>
    public async Task KeepCertificate() => _certificate = await Keep("certificate of the belt scale, 20 December 2024");

    /// <summary>SHA-256 of a file that is kept as evidence.</summary>
    public async Task<string> Keep(string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        using var file = new ByteArrayContent(content) { Headers = { ContentType = new("text/csv") } };
        using var request = await Request(HttpMethod.Put, Plant.Client, $"{Verification}/evidence/files/{hash}");
        request.Content = file;
        using var answer = await _http.SendAsync(request, Stopping);
        answer.EnsureSuccessStatusCode();
        return hash;
    }

    public Task FileMonth(int month, string evidence, decimal coal) => _gateway.Put(Plant.Client, $"{Verification}/evidence/2025/{month}", new
    {
        files = new object[]
        {
            new { sha256 = evidence, name = "Readings.csv", kind = "meter-reading" },
            new
            {
                sha256 = _certificate, name = "Certificate.pdf", kind = "calibration",
                calibration = new { meter = "M1", calibratedOn = "2024-12-20", validUntil = "2025-12-31", errorPercent = 0.2m },
            },
        },
        figures = new[]
        {
            new { stream = "S1", input = "quantity", value = coal, unit = "t", evidence },
            new { stream = "S1", input = "ncv", value = 23.5m, unit = "GJ/t", evidence },
        },
    }, Stopping);

    public Task FileUnanswered() => _gateway.Put(Plant.Client, Report, new { year = 2025, fromEvidence = true }, Stopping);

    /// <summary>With an answer to whatever the automated checks find.</summary>
    public async Task FileReport(int version, long tonnes)
    {
        var found = (await _gateway.Get<JsonElement>(Plant.Client, $"{Verification}/evidence/{Plant.ParticipantId}/2025/checks", Stopping)).GetProperty("items");
        var answers = found.EnumerateArray().Select(one => new { code = one.GetProperty("code").GetString(), path = one.GetProperty("path").GetString(), text = "The tickets agree." });
        var filed = await _gateway.Put<JsonElement>(Plant.Client, Report, new { year = 2025, fromEvidence = true, answers = answers.ToList() }, Stopping);
        (filed.GetProperty("reportVersion").GetInt64(), filed.GetProperty("totalTonnes").GetInt64()).ShouldBe((version, tonnes));
    }

    public async Task BeginVerification()
    {
        await Post(Market.Regulator, $"{Verification}/appointments/batch", new { participantId = Plant.ParticipantId, year = 2025, verifierParticipantId = _bureau });
        _engagement = $"{Verification}/engagements/"
            + (await _gateway.Get<JsonElement>(Plant.Client, $"{Verification}/engagements?year=2025", Stopping)).GetProperty("items")[0].GetProperty("engagementId").GetGuid();
        await _gateway.Put(_verifier, $"{_engagement}/team", new { lead = "Li", members = new[] { "Wang" } }, Stopping);
        await _gateway.Put(_verifier, $"{_engagement}/plan", new { items = new[] { new { code = "1.1", description = "Coal weighing records", starred = true } } }, Stopping);
        await _gateway.Put(_verifier, $"{_engagement}/plan/1.1/done", new { note = "Twelve months" }, Stopping);
        var today = (await _gateway.Get<ClockReading>(_verifier, "clock", Stopping)).LegalTime.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd");
        await _gateway.Put(_verifier, $"{_engagement}/site-visits/{Guid.CreateVersion7()}", new { from = today, to = today, note = "Boiler house" }, Stopping);
    }

    public Task RaiseFinding() => _gateway.Put(_verifier, $"{_engagement}/findings/{_finding}",
        new { category = "data", description = "December's tickets come to 55,000 t.", parameter = "FC", source = "S1" }, Stopping);

    public async Task CloseFinding()
    {
        await _gateway.Put(Plant.Client, $"{_engagement}/findings/{_finding}/correction", new { cause = "A misread scale", correctiveAction = "Filed by the tickets" }, Stopping);
        await _gateway.Put(_verifier, $"{_engagement}/findings/{_finding}/conclusion", new { conclusion = "corrected", note = "The tickets agree." }, Stopping);
    }

    public Task State(string conclusion, long tonnes) => Post(_verifier, $"{Verification}/statements/batch", new { reportId = _report, conclusion, verifiedTonnes = tonnes });

    public async Task AcceptAndTell()
    {
        await Post(Market.Regulator, $"{Verification}/decisions/batch", new { reportId = _report, decision = "accepted" });
        await Post(Market.Regulator, $"{Verification}/results/batch", new { reportId = _report });
    }

    public Task Object() =>
        _gateway.Put(Plant.Client, $"{Report}/objections/{_objection}", new { ground = "Some of December's coal was only stored." }, Stopping);

    public async Task<string?> DecideObjection(ApiClient official) =>
        (await _gateway.Post<JsonElement>(official, $"{Report}/objections/{_objection}/decision", new { outcome = "rejected", reason = "The tickets are of the boiler." }, Stopping))
        .GetProperty("objection").GetProperty("outcome").GetString();

    public Task Reopen() => _gateway.Post(Market.Regulator, $"{Report}/reopening", new { ground = "An inspection read the meters.", reportVersion = 2 }, Stopping);

    public Task FileActivity(int year, object figures) => Post(Market.Regulator, $"{Allocation}/installations/activity/batch", new { installationId = _unit, year, figures });

    /// <summary>The plan of the stage, computed by one official and approved by another; its id.</summary>
    public async Task<Guid> Allocate(string stage)
    {
        var plan = Guid.CreateVersion7();
        await Eventually.Holds("it can be computed", async () =>
        {
            await _gateway.Put(Market.Regulator, $"{Allocation}/plans/{plan}/computation",
                new { year = 2025, stage, instrument = Instrument, participants = new[] { Plant.ParticipantId } }, Stopping);
            return true;
        });
        await _gateway.Post(Market.SecondOfficial, $"{Allocation}/plans/{plan}/approval", new { }, Stopping);
        return plan;
    }

    public Task Holds(long units) => Eventually.Gives("the units are there", async () =>
        (await Market.Account(Plant, Plant.HoldingAccountId)).Units.Sum(held => held.Available), held => held == units);

    public Task IsBooked(Guid plan, long issued) => Eventually.Holds("Allocation knows what was issued", async () =>
        (await _gateway.Get<JsonElement>(Plant.Client, $"{Allocation}/plans/{plan}/bookings", Stopping)).GetProperty("items").EnumerateArray().ToList() is [var booking]
            && booking.GetProperty("issued").GetInt64() == issued && booking.GetProperty("deducted").GetInt64() == 0);

    public Task IsToBeDeterminedAnew() => Eventually.Holds("the allocation is to be determined anew", async () =>
        (await _gateway.Get<JsonElement>(Market.Regulator, $"{Allocation}/redeterminations?year=2025&instrument={Instrument}", Stopping)).GetProperty("items").EnumerateArray()
            .Any(due => due.GetProperty("participantId").GetGuid() == Plant.ParticipantId && due.GetProperty("reportVersion").GetInt64() == 3));

    public Task Owes(long units) => Eventually.Gives("the debt is known", async () =>
        (await Market.Settlement($"participants/{Plant.ParticipantId}/debts")).GetProperty("debts").EnumerateArray().ToList(),
        debts => debts.Count == 1 && debts[0].GetProperty("outstanding").GetInt64() == units);

    public async Task GiveBack(long units)
    {
        var transaction = $"{Settlement}/transactions/{Guid.CreateVersion7()}";
        await _gateway.Put(Plant.Client, transaction, new
        {
            type = "return-of-allocation", fromAccountId = Plant.HoldingAccountId, toAccountId = _provincialAccount, instrument = Instrument, quantity = units,
        }, Stopping);
        await _gateway.Post(Market.Regulator, $"{transaction}/approval", new { }, Stopping);
    }

    public async Task<Guid> SubmitSurrender(long units)
    {
        var surrender = Guid.CreateVersion7();
        (await _gateway.Put<JsonElement>(Plant.Client, $"{Settlement}/surrenders/{surrender}",
            new { accountId = Plant.HoldingAccountId, instrument = Instrument, quantity = units, year = 2025 }, Stopping)).GetProperty("status").GetString().ShouldBe("proposed");
        return surrender;
    }

    public async Task ReviewSurrender(Guid surrender)
    {
        (await _gateway.Get<JsonElement>(Market.Regulator, $"{Settlement}/transactions/waiting?type=surrender&limit=500", Stopping)).GetProperty("items").EnumerateArray()
            .ShouldContain(waiting => waiting.GetProperty("transactionId").GetGuid() == surrender);
        await Post(Market.Regulator, $"{Settlement}/transactions/approvals/batch", new { transactionId = surrender });
    }

    public Task StillOwesForTheYear(long units) => Eventually.Gives("what the plant owes", async () =>
        (await Market.Settlement($"compliance/{Plant.ParticipantId}/obligations")).GetProperty("years").EnumerateArray()
            .Single(owed => owed.GetProperty("year").GetInt32() == 2025).GetProperty("outstanding").GetInt64(), owed => owed == units);

    public async Task ReportIsTraced(string tonnes)
    {
        var basis = (await _gateway.Get<JsonElement>(Plant.Client, Report, Stopping)).GetProperty("basis");
        var total = await Trace(_verifier, $"{Report}/traces/", basis.GetProperty("traceSha256").GetString()!);
        total.GetProperty("result").GetString().ShouldBe(tonnes);
        var months = total.GetProperty("inputs").EnumerateArray().SelectMany(input => input.GetProperty("entries").EnumerateArray())
            .Select(entry => entry.GetProperty("origin").GetProperty("reference").GetString()!).ToList();
        months.Count.ShouldBe(12);
        var december = await Trace(_verifier, $"{Report}/traces/", months[^1]);
        december.GetProperty("inputs").EnumerateArray().SelectMany(input => input.GetProperty("entries").EnumerateArray())
            .ShouldContain(entry => entry.GetProperty("origin").GetProperty("kind").GetString() == "evidence");
    }

    /// <param name="results">Of the traces, in order: the unit's, the entity's, and what is issued or returned.</param>
    public async Task PlanIsTraced(Guid plan, int? reportVersion, string[] results)
    {
        var figure = (await _gateway.Get<JsonElement>(Plant.Client, $"{Allocation}/plans/{plan}/figures", Stopping)).GetProperty("items")[0];
        (figure.TryGetProperty("reportVersion", out var version) && version.ValueKind == JsonValueKind.Number ? version.GetInt32() : (int?)null).ShouldBe(reportVersion);
        var seen = new List<string>();
        foreach (var hash in figure.GetProperty("units")[0].GetProperty("traces").EnumerateArray().Concat(figure.GetProperty("traces").EnumerateArray()))
            seen.Add((await Trace(Plant.Client, $"{Allocation}/plans/{plan}/traces/", hash.GetString()!)).GetProperty("result").GetString()!);
        seen.ShouldBe(results);
        (await _gateway.Get<JsonElement>(Market.Regulator, $"{Allocation}/plans/{plan}/replay", Stopping)).GetProperty("identical").GetBoolean().ShouldBeTrue();
    }

    /// <summary>The milestones of the year that the audit log has of the plant, in the order of recording.</summary>
    public async Task<IReadOnlyList<string>> Trail() =>
    [
        .. (await _gateway.Get<JsonElement>(Market.Regulator, $"audit/events?participantId={Plant.ParticipantId}&limit=500", Stopping)).GetProperty("items").EnumerateArray()
            .Select(entry => entry.GetProperty("type").GetString()!.Replace(".v1", "", StringComparison.Ordinal)).Where(Milestones.Contains),
    ];

    /// <summary>A trace is served under the hash of its own bytes.</summary>
    private async Task<JsonElement> Trace(ApiClient caller, string path, string hash)
    {
        using var request = await Request(HttpMethod.Get, caller, path + hash);
        using var answer = await _http.SendAsync(request, Stopping);
        var served = await answer.Content.ReadAsByteArrayAsync(Stopping);
        answer.IsSuccessStatusCode.ShouldBeTrue(Encoding.UTF8.GetString(served));
        Convert.ToHexStringLower(SHA256.HashData(served)).ShouldBe(hash);
        return JsonDocument.Parse(served).RootElement;
    }

    private async Task<HttpRequestMessage> Request(HttpMethod method, ApiClient caller, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", await _tokens.For(caller, renew: false, Stopping));
        return request;
    }

    private Task Post(ApiClient caller, string path, object item) => _gateway.PostBatches(caller, path, [item], _ => { }, Stopping);
}
