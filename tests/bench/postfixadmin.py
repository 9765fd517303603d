# SPDX-License-Identifier: GPL-3.0-or-later
"""The distribution's PostfixAdmin on the bench's rows: its packages unpacked below build/bench (nothing is installed, no
maintainer script runs), its own schema filled by SQL, a PHP pool of two processes with opcache behind nginx."""
import glob
import http.cookiejar
import os
import pwd
import re
import shutil
import subprocess
import urllib.parse
import urllib.request

from daemon import Folder, answers, free_port, tail, wait_for

PACKAGES = ["postfixadmin"] + ["php8.2-" + part for part in ("fpm", "cli", "common", "mysql", "mbstring", "opcache")]
ADMIN, PASSWORD = "admin@example.org", "a good long passphrase 1"
DATABASE = "postfixadmin"
# As many rows on a page as ours, and its own defaults but for what would leave the machine.
CONFIG = """<?php
$CONF['configured'] = true; $CONF['database_type'] = 'mysqli'; $CONF['database_host'] = 'localhost';
$CONF['database_socket'] = '%(socket)s'; $CONF['database_user'] = 'postfixadmin';
$CONF['database_password'] = 'postfixadmin'; $CONF['database_name'] = 'postfixadmin';
$CONF['page_size'] = '50'; $CONF['encrypt'] = 'php_crypt:SHA512'; $CONF['emailcheck_resolve_domain'] = 'NO';
"""
PHP = """error_log = %(folder)s/php.log
extension_dir = %(modules)s
zend_extension = opcache
extension = mysqlnd
extension = pdo
extension = mysqli
extension = pdo_mysql
extension = mbstring
extension = ctype
session.save_path = %(folder)s/sessions
opcache.enable = 1
"""
POOL = """[global]
error_log = %(folder)s/fpm.log
daemonize = no
[bench]
user = www-data
listen = %(folder)s/fpm
listen.owner = www-data
pm = static
pm.max_children = %(workers)d
"""
NGINX = """worker_processes 1; pid %(folder)s/nginx.pid; error_log %(folder)s/nginx.log; user www-data; daemon off;
events { worker_connections 256; }
http {
    access_log off; client_body_temp_path %(folder)s/body; fastcgi_temp_path %(folder)s/temp;
    proxy_temp_path %(folder)s/p; scgi_temp_path %(folder)s/s; uwsgi_temp_path %(folder)s/u;
    server {
        listen 127.0.0.1:%(port)d; root %(public)s;
        location ~ \\.php$ { include /etc/nginx/fastcgi_params; fastcgi_pass unix:%(folder)s/fpm;
            fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name; }
    }
}
"""


def unpack(folder):
    """The packages' files in a folder of the bench, kept between runs."""
    root = os.path.join(folder, "root")
    if os.path.exists(os.path.join(root, "done")):
        return root
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(root)
    got = subprocess.run(["apt-get", "download", *PACKAGES], cwd=folder, capture_output=True, text=True, check=False)
    if got.returncode != 0:
        raise SystemExit("--with-postfixadmin needs the distribution's packages " + ", ".join(PACKAGES) + ":\n" + got.stderr)
    for package in glob.glob(os.path.join(folder, "*.deb")):
        subprocess.run(["dpkg", "-x", package, root], check=True)
    open(os.path.join(root, "done"), "w", encoding="ascii").close()
    return root


class PostfixAdmin:
    """Runs from start() to stop(), on the MariaDB server of a Place."""

    def __init__(self, build, db, workers):
        self.root, self.db = unpack(os.path.join(build, "postfixadmin")), db
        self.home = os.path.join(self.root, "usr", "share", "postfixadmin")
        self.folder, self.port, self.processes, self.cookie = Folder("pa"), free_port(), [], ""
        self.values = {"folder": self.folder.path, "port": self.port, "workers": workers, "socket": db.socket,
                       "public": os.path.join(self.home, "public"),
                       "modules": glob.glob(os.path.join(self.root, "usr/lib/php/2*"))[0]}

    def start(self):
        self.configure()
        if not self.is_filled():
            self.fill()
        self.run([os.path.join(self.root, "usr/sbin/php-fpm8.2"), "-F", "-c", self.folder / "php.ini", "-y",
                  self.folder / "fpm.conf"])
        wait_for(lambda: os.path.exists(self.folder / "fpm"), "php-fpm does not start:\n" + tail(self.folder / "fpm.log"))
        self.run(["nginx", "-p", self.folder.path, "-c", self.folder / "nginx.conf", "-e", self.folder / "nginx.log"])
        wait_for(lambda: answers(self.port), "nginx does not start:\n" + tail(self.folder / "nginx.log"))
        self.sign_in()
        return self

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait(15)
        self.folder.remove()

    def run(self, command):
        environment = dict(os.environ, PHP_INI_SCAN_DIR=self.folder / "none")
        with open(self.folder / "log", "ab") as log:
            self.processes.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log,
                                                   stdin=subprocess.DEVNULL))

    def configure(self):
        www = pwd.getpwnam("www-data")
        os.chmod(self.folder.path, 0o755)
        for name in ("sessions", "templates_c"):
            os.makedirs(self.folder / name)
            os.chown(self.folder / name, www.pw_uid, www.pw_gid)
        for name, text in (("config.local.php", CONFIG), ("php.ini", PHP), ("fpm.conf", POOL), ("nginx.conf", NGINX)):
            with open(self.folder / name, "w", encoding="utf-8") as file:
                file.write(text % self.values)
        with open(os.path.join(self.root, "etc/postfixadmin/config.inc.php"), encoding="utf-8") as file:
            text = file.read().replace("require_once('dbconfig.inc.php');", "$dbtype=$dbserver=$dbuser=$dbpass=$dbname='';")
        for name in ("config.inc.php", "config.local.php", "templates_c"):   # links to /etc and /var in the package
            path = os.path.join(self.home, name)
            if os.path.islink(path) or os.path.exists(path):
                os.remove(path)
        with open(os.path.join(self.home, "config.inc.php"), "w", encoding="utf-8") as file:
            file.write(text)
        os.symlink(self.folder / "config.local.php", os.path.join(self.home, "config.local.php"))
        os.symlink(self.folder / "templates_c", os.path.join(self.home, "templates_c"))

    def is_filled(self):
        with self.db.connect() as connection, connection.cursor() as cursor:
            if not cursor.execute("SHOW DATABASES LIKE %s", DATABASE) or not cursor.execute(
                    f"SHOW TABLES IN {DATABASE} LIKE 'bench_filled'"):
                return False
            cursor.execute(f"SELECT (SELECT n FROM {DATABASE}.bench_filled) = COUNT(*) FROM mailboy.bench_number")
            return cursor.fetchone()[0] == 1

    def php(self, *command, **options):
        environment = dict(os.environ, PHP_INI_SCAN_DIR=self.folder / "none")
        return subprocess.run([os.path.join(self.root, "usr/bin/php8.2"), "-c", self.folder / "php.ini", *command],
                              env=environment, capture_output=True, text=True, check=True, **options).stdout

    def fill(self):
        """Its schema by its own upgrade.php; a mailbox there has an alias of its own name too."""
        hashed = self.php("-r", f"echo crypt('{PASSWORD}', '$6$rounds=5000$0123456789abcdef$');")
        with self.db.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
            cursor.execute(f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4")
            cursor.execute("CREATE USER IF NOT EXISTS postfixadmin@localhost IDENTIFIED BY 'postfixadmin'")
            cursor.execute(f"GRANT ALL ON {DATABASE}.* TO postfixadmin@localhost")
        said = self.php("upgrade.php", cwd=self.values["public"])
        with self.db.connect(db=DATABASE) as connection, connection.cursor() as cursor:
            assert cursor.execute("SHOW TABLES LIKE 'mailbox'"), said[-2000:]
            for statement, values in (
                    ("SET sql_mode = ''", ()),
                    ("INSERT INTO admin (username, password, superadmin, active) VALUES (%s, %s, 1, 1)", (ADMIN, hashed)),
                    ("INSERT INTO domain_admins (username, domain, active) VALUES (%s, 'ALL', 1)", (ADMIN,)),
                    ("INSERT INTO domain (domain, description, transport, active)"
                     " SELECT name, description, 'virtual', 1 FROM mailboy.virtual_domains", ()),
                    ("INSERT INTO mailbox (username, password, name, maildir, quota, local_part, domain, active)"
                     " SELECT u.email, '', u.name, CONCAT(b.domain, '/', u.user, '/'), u.quota_kb * 1024, u.user, b.domain,"
                     " u.active FROM mailboy.virtual_users u JOIN mailboy.bench_number b ON b.n + 1000 = u.id"
                     " ORDER BY u.email", ()),
                    ("INSERT INTO alias (address, goto, domain, active)"
                     " SELECT username, username, domain, 1 FROM mailbox ORDER BY username", ()),
                    ("INSERT INTO alias (address, goto, domain, active)"
                     " SELECT a.email, a.destination, b.domain, a.active FROM mailboy.virtual_aliases a"
                     " JOIN mailboy.bench_number b ON b.n + 1 = a.id ORDER BY a.email", ()),
                    ("CREATE TABLE bench_filled AS SELECT COUNT(*) AS n FROM mailbox", ())):
                cursor.execute(statement, values)
            cursor.execute("ANALYZE TABLE mailbox, alias, domain")

    def sign_in(self):
        jar = http.cookiejar.CookieJar()
        visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        url = f"http://127.0.0.1:{self.port}/"
        with visitor.open(url + "login.php") as answer:
            token = re.search(r'name="token" value="([^"]*)"', answer.read().decode())[1]
        form = {"fUsername": ADMIN, "fPassword": PASSWORD, "lang": "en", "token": token}
        with visitor.open(url + "login.php", urllib.parse.urlencode(form).encode()) as answer:
            page = answer.read().decode()
            assert "login.php" not in answer.url, page[:2000]
        self.cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
        with visitor.open(url + self.page("large.example")[1:]) as answer:
            rows = len(set(re.findall(r"user\d{7}@large\.example", answer.read().decode())))
            assert rows == 50, f"PostfixAdmin's list shows {rows} mailboxes"

    def page(self, domain):
        return f"/list-virtual.php?domain={domain}&tab=mailbox&limit=0"
