import { expect, test } from 'vitest';
import { callsText } from './testing/calls-text.ts';

test('pytest: a parameter of a test holds what the fixture of its name gives, the nearest first', async () => {
  const files = {
    'app.py': `
class Client:
    def get(self): return Reply()
class Reply:
    def text(self): pass
class Local(Client):
    def get(self): pass
class Tool:
    def run(self): pass
`,
    'conftest.py': `
import pytest
from app import Client
@pytest.fixture
def client():
    yield Client()
@pytest.fixture(scope="session", name="reply")
def make_reply(client):
    return client.get()
`,
    'plugin/extra.py': `
from pytest import fixture
from app import Tool
@fixture
def tool(): return Tool()
`,
    'tests/conftest.py': `
import pytest
@pytest.fixture
def client(client):
    client.get()
    return client
`,
    'tests/test_app.py': `
import pytest
from app import Local
def test_all(client, reply, tool, tmp_path, unknown, other=None):
    client.get().text()
    reply.text()
    tool.run()
    (tmp_path / 'a').write_text('x')
    tmp_path.mkdir()
    unknown.get()
    other.get()
@pytest.mark.parametrize("client", [1, 2])
def test_given(client):
    client.get()
class TestLocal:
    @pytest.fixture
    def client(self):
        return Local()
    def test_get(self, client):
        client.get()
def helper(client):
    client.get()
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    conftest -> <external>.pytest.fixture conftest.py:4
    conftest -> <external>.pytest.fixture conftest.py:7
    conftest.make_reply -> app.Client.get conftest.py:9 inferred
    conftest.make_reply -> conftest.client conftest.py:8 inferred
    plugin.extra -> <external>.pytest.fixture plugin/extra.py:4
    tests.conftest -> <external>.pytest.fixture tests/conftest.py:3
    tests.conftest.client -> app.Client.get tests/conftest.py:5 inferred
    tests.conftest.client -> conftest.client tests/conftest.py:4 inferred
    tests.test_app -> <external>.pytest.fixture tests/test_app.py:16
    tests.test_app -> <external>.pytest.mark.parametrize tests/test_app.py:12
    tests.test_app.TestLocal.test_get -> app.Local.get tests/test_app.py:20 inferred
    tests.test_app.TestLocal.test_get -> tests.test_app.TestLocal.client tests/test_app.py:19 inferred
    tests.test_app.helper -> ? client.get tests/test_app.py:22
    tests.test_app.test_all -> <external>.pathlib.Path.__truediv__.write_text tests/test_app.py:8 inferred
    tests.test_app.test_all -> <external>.pathlib.Path.mkdir tests/test_app.py:9 inferred
    tests.test_app.test_all -> ? other.get tests/test_app.py:11
    tests.test_app.test_all -> ? unknown.get tests/test_app.py:10
    tests.test_app.test_all -> app.Client.get tests/test_app.py:5 inferred
    tests.test_app.test_all -> app.Reply.text tests/test_app.py:5 inferred
    tests.test_app.test_all -> app.Reply.text tests/test_app.py:6 inferred
    tests.test_app.test_all -> app.Tool.run tests/test_app.py:7 inferred
    tests.test_app.test_all -> conftest.make_reply tests/test_app.py:4 inferred
    tests.test_app.test_all -> plugin.extra.tool tests/test_app.py:4 inferred
    tests.test_app.test_all -> tests.conftest.client tests/test_app.py:4 inferred
    tests.test_app.test_given -> ? client.get tests/test_app.py:14
    "
  `);
});

test('pytest: fixtures that are used, asked for by name, and values that parametrize gives', async () => {
  const files = {
    'app.py': `
class Client:
    def get(self): pass
class Local:
    def get(self): pass
`,
    'tests/test_app.py': `
import pytest
from app import Client, Local
@pytest.fixture
def client(): return Client()
@pytest.fixture
def server(): pass
def test_asked(request):
    request.getfixturevalue("client").get()
    request.getfixturevalue("other").get()
@pytest.mark.usefixtures("server")
def test_used(): pass
@pytest.mark.usefixtures("server", "client")
class TestAll:
    def test_in(self): pass
@pytest.mark.parametrize("cls", [Client, Local])
def test_one(cls):
    cls().get()
@pytest.mark.parametrize("number, one", [(1, Client()), (2, Client())])
def test_two(number, one):
    one.get()
    number.get()
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    tests.test_app -> <external>.pytest.fixture tests/test_app.py:4
    tests.test_app -> <external>.pytest.fixture tests/test_app.py:6
    tests.test_app -> <external>.pytest.mark.parametrize tests/test_app.py:16
    tests.test_app -> <external>.pytest.mark.parametrize tests/test_app.py:19
    tests.test_app -> <external>.pytest.mark.usefixtures tests/test_app.py:11
    tests.test_app -> <external>.pytest.mark.usefixtures tests/test_app.py:13
    tests.test_app.TestAll.test_in -> tests.test_app.client tests/test_app.py:15 inferred
    tests.test_app.TestAll.test_in -> tests.test_app.server tests/test_app.py:15 inferred
    tests.test_app.test_asked -> <external>.pytest.FixtureRequest.getfixturevalue tests/test_app.py:10 inferred
    tests.test_app.test_asked -> <external>.pytest.FixtureRequest.getfixturevalue tests/test_app.py:9 inferred
    tests.test_app.test_asked -> ? request.getfixturevalue("other").get tests/test_app.py:10
    tests.test_app.test_asked -> app.Client.get tests/test_app.py:9 inferred
    tests.test_app.test_asked -> tests.test_app.client tests/test_app.py:9 inferred
    tests.test_app.test_one -> app.Client.get tests/test_app.py:18 inferred
    tests.test_app.test_one -> app.Local.get tests/test_app.py:18 inferred
    tests.test_app.test_two -> ? number.get tests/test_app.py:22
    tests.test_app.test_two -> app.Client.get tests/test_app.py:21 inferred
    tests.test_app.test_used -> tests.test_app.server tests/test_app.py:12 inferred
    "
  `);
});
